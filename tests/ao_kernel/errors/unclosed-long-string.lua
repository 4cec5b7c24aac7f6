local text = [[ a long
text without an end
