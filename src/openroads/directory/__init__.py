"""People, departments, teams, roles, channel accounts, who may do what, and the trail."""
