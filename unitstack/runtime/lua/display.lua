-- Rich output for notebooks: values with a form for each MIME type, among what is printed. Consoles see their text.
local ao = require(".ao")
local json = require("json")

local display = {}

local Display = { __name = "Display" }
Display.__index = Display

function Display:__tostring()
  return self.data["text/plain"]
end

-- Something with a form for each MIME type; all of them are text.
function display.bundle(data)
  local forms = {}
  for mime, text in pairs(data) do
    forms[tostring(mime)] = tostring(text)
  end
  forms["text/plain"] = forms["text/plain"] or "(shown in a notebook)"
  return setmetatable({ data = forms }, Display)
end

local function of(mime)
  return function(text)
    return display.bundle({ [mime] = text, ["text/plain"] = text })
  end
end

display.html = of("text/html")
display.latex = of("text/latex")
display.markdown = of("text/markdown")
display.plain = of("text/plain")
display.svg = of("image/svg+xml")

function display.json(value)
  local text = json.encode(value)
  return display.bundle({ ["application/json"] = text, ["text/plain"] = text })
end

-- Whether a value is one of these.
function display.is(value)
  return type(value) == "table" and getmetatable(value) == Display
end

-- The bytes that were printed so far, each piece with the end of its line: where the next thing is shown.
local function printed_bytes()
  local bytes = 0
  for _, text in ipairs(HANDLER_PRINT_LOGS or {}) do
    bytes = bytes + #tostring(text) + 1
  end
  return bytes
end

function display.note(kind, value, id)
  local shown = display.is(value) and value or display.plain(tostring(value))
  ao.outbox.Displays = ao.outbox.Displays or {}
  table.insert(ao.outbox.Displays, {
    kind = kind, at = printed_bytes(), data = shown.data, id = id and tostring(id) or nil,
  })
end

-- Shows a value here; one with an id can be updated later.
function display.show(value, id)
  display.note("show", value, id)
end

-- Puts a value where another was shown under that id.
function display.update(value, id)
  display.note("update", value, id)
end

return display
