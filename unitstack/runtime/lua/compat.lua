-- Where the reference runtime's behaviour is a defect, this runtime mends it; a switch turned on brings the
-- reference's behaviour back. All switches are here. A process may set them when it is spawned, with a tag
-- `Aos-Compat` (`live_walk,-title_case` or `reference`), a bundle through its module `.switches`.
local switches = {
  -- Names of tags and root fields become Title-Case on arrival. The one switch that is on by default.
  title_case = true,
  -- JSON numbers, and numbers in a result, keep 14 digits.
  rounded_numbers = false,
  -- The table formatter drops a list part beside other keys, calls a table shown twice circular, refuses other keys.
  lossy_tables = false,
  -- The walk over the handlers follows the list while it changes: it may skip one or run one twice.
  live_walk = false,
  -- `Handlers.utils.reply(table)` keeps the first sender as its target.
  sticky_replies = false,
  -- Errors that are no string fail the call; a coroutine succeeds only if it ends in a true value.
  bare_errors = false,
  -- JSON data that does not parse, and a result that JSON cannot hold, fail the call.
  bare_json_errors = false,
  -- `print` of a function fails the call.
  raw_prints = false,
  -- A curried function that was given several arguments at first keeps only one of them.
  truncated_currying = false,
  -- A reply must come from the very text that the message's Target was, also where that is a name and no address.
  bound_replies = false,
  -- The result of an Eval carries `Output.test`, a dump of what was printed.
  test_output = false,
}

local compat = setmetatable({}, { __index = switches })

-- Every switch as the reference has it.
local function reference()
  for name in pairs(switches) do
    switches[name] = true
  end
end

-- Turns one switch on or off; an unknown name is refused, for a misspelt switch would pass unseen.
function compat.set(name, on)
  if switches[name] == nil then
    error("no compatibility switch is called " .. tostring(name), 0)
  end
  switches[name] = on
end

-- Reads the words of a tag's value: `name` turns on, `-name` turns off, `reference` turns on all.
function compat.apply(words)
  for word in tostring(words):gmatch("[^,%s]+") do
    if word == "reference" then
      reference()
    else
      compat.set(word:match("^%-?(.*)$"), word:sub(1, 1) ~= "-")
    end
  end
end

compat.apply(require(".switches"))

return compat
