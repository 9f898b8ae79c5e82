"""What a member bought, counted by month, and the gates that are judged by it. Floor 2."""
