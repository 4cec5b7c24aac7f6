local msg = Inbox[#Inbox]
print("so far so good")
msg.answer({ Data = "hi" })
