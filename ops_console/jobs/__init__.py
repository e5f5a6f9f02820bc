"""The timetable and the runner of scheduled work."""
