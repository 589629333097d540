"""Shows: rows -> pages, fragments and chart messages. A view finds, makes one call, renders."""
