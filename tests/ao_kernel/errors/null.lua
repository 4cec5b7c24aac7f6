local answer = null.value
