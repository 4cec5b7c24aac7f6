ao.send("hello")
