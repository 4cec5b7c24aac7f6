-- What notebooks that were written for xeus-lua call `ilua`: its names for `.display`.
local display = require(".display")

local function id_of(transient)
  return type(transient) == "table" and transient.display_id or nil
end

return {
  config = {},
  json = require("json"),
  display = {
    display = display.show,
    display_data = function(value, _, transient)
      display.show(value, id_of(transient))
    end,
    update_display_data = function(value, _, transient)
      display.update(value, id_of(transient))
    end,
    html = display.html,
    json = display.json,
    latex = display.latex,
    markdown = display.markdown,
    plain = display.plain,
    svg = display.svg,
  },
}
