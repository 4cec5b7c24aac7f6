-- Gives every message a `reply` where an older module did not.
local function add_reply(msg)
  if msg.reply then
    return
  end
  function msg.reply(fields)
    fields.Target = msg["Reply-To"] or fields.Target or msg.From
    fields["X-Reference"] = msg["X-Reference"] or msg.Reference or ""
    fields["X-Origin"] = msg["X-Origin"] or ""
    return ao.send(fields)
  end
end

Handlers.prepend("_patch_reply", function()
  return "continue"
end, add_reply)
