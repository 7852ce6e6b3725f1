"""What people outside ask about their own posts: the public notice, the form, and the queue it leads to."""
