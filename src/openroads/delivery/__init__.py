"""Everything that runs later or leaves the house: jobs, leases, retries, schedules."""
