-- What a bundle turns on beside the defaults, in the words of `.compat`. `bundle(compat=...)` writes its own.
return ""
