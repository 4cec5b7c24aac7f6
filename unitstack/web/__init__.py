"""What the HTTP forms of all units share: statuses of errors, applications, clients, and serving them."""
