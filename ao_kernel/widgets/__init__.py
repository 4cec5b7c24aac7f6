"""Views that change while one looks at them. Each has forms that last: a table in HTML and in text."""
