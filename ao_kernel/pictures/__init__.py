"""Pictures of what happens between processes: values in, SVG and text out. Nothing is read and nothing shown here."""
