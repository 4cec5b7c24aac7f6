local support = require("tests.unitstack.runtime.lua.support")

describe("json", function()
  local json = support.module("json")

  local function complaint(fn, ...)
    local ok, err = pcall(fn, ...)
    assert.is_false(ok)
    return (err:gsub('^%[string "json"%]:%d+: ', ""))
  end

  it("writes scalars", function()
    assert.equal("null", json.encode(nil))
    assert.equal("true", json.encode(true))
    assert.equal("false", json.encode(false))
    assert.equal('"a\\"\\\\\\n\\t\\u0001é/\127"', json.encode('a"\\\n\t\1é/\127'))
  end)

  it("keeps every digit of an integer", function()
    assert.equal("123456789012345678", json.encode(123456789012345678))
    assert.equal("-9223372036854775808", json.encode(math.mininteger))
  end)

  it("writes a float so that it reads back the same", function()
    for _, number in ipairs({ 0.1, 0.1 + 0.2, 2.0 ^ 53, 1e15, 1e100, -1.5e-300, 1.0 }) do
      assert.equal(number, json.decode(json.encode(number)))
    end
    assert.equal("0.1", json.encode(0.1))
    assert.equal("1", json.encode(1.0))
  end)

  it("keeps 14 digits where `rounded_numbers` is on", function()
    local rounding = support.module("json", "rounded_numbers")

    assert.equal("1.2345678901235e+17", rounding.encode(123456789012345678))
    assert.equal("9.007199254741e+15", rounding.encode(2 ^ 53))
  end)

  it("takes a table with a first position, or an empty one, for an array", function()
    assert.equal("[]", json.encode({}))
    assert.equal("[1,[2]]", json.encode({ 1, { 2 } }))
    assert.equal('{"a":[]}', json.encode({ a = {} }))
  end)

  it("leaves out fields that are functions", function()
    assert.equal("{}", json.encode({ reply = print }))
  end)

  it("refuses what JSON cannot hold", function()
    local circle = {}
    circle.circle = circle

    assert.equal("invalid table: sparse array", complaint(json.encode, { 1, nil, 3 }))
    assert.equal("invalid table: mixed or invalid key types", complaint(json.encode, { 1, a = 2 }))
    assert.equal("invalid table: mixed or invalid key types", complaint(json.encode, { [2] = 1 }))
    assert.equal("unexpected type 'function'", complaint(json.encode, { print }))
    assert.equal("unexpected number value 'inf'", complaint(json.encode, 1 / 0))
    assert.equal("circular reference", complaint(json.encode, circle))
  end)

  it("writes a table that occurs twice, twice", function()
    local shared = { 1 }

    assert.equal("[[1],[1]]", json.encode({ shared, shared }))
  end)

  it("reads integers as integers and others as floats", function()
    assert.equal("integer", math.type(json.decode("1")))
    assert.equal("float", math.type(json.decode("1.0")))
    assert.equal("float", math.type(json.decode("1e2")))
    assert.equal("float", math.type(json.decode("12345678901234567890")))
  end)

  it("reads nested values", function()
    assert.same({ a = { 1, { b = "c" }, true }, d = false }, json.decode('{"a":[1,{"b":"c"},true],\n"d": false}'))
  end)

  it("reads null as nil", function()
    assert.is_nil(json.decode("null"))
    assert.is_nil(json.decode('{"a":null}').a)
    assert.equal(3, json.decode("[1,null,3]")[3])
  end)

  it("reads escapes, and pairs of surrogates as one character", function()
    assert.equal("é\n/\"", json.decode('"\\u00e9\\n\\/\\""'))
    assert.equal("😀", json.decode('"\\ud83d\\ude00"'))
  end)

  it("reads a lone surrogate and the character after it apart", function()
    assert.equal("\u{D800}A", json.decode('"\\ud800\\u0041"'))
  end)

  it("is as lenient as the field knows it", function()
    assert.same({ 1 }, json.decode("[1,]"))
    assert.same({ a = 1 }, json.decode('{"a":1,}'))
    assert.equal(16, json.decode("0x10"))
    assert.equal(1, json.decode("01"))
    assert.equal(math.huge, json.decode("1.5e400"))
  end)

  it("says what is wrong, and where", function()
    local cases = {
      [""] = "unexpected character '' at line 1 col 1",
      ["nul"] = "invalid literal 'nul' at line 1 col 1",
      ["-"] = "invalid number '-' at line 1 col 1",
      ["[1 2]"] = "expected ']' or ',' at line 1 col 5",
      ['{"a":1 2}'] = "expected '}' or ',' at line 1 col 9",
      ["{a:1}"] = "expected string for key at line 1 col 2",
      ['{"a" 1}'] = "expected ':' after key at line 1 col 6",
      ['"abc'] = "expected closing quote for string at line 1 col 1",
      ['"\\x"'] = "invalid escape char 'x' in string at line 1 col 2",
      ['"\\u12"'] = "invalid unicode escape in string at line 1 col 2",
      ['"a\nb"'] = "control character in string at line 1 col 3",
      ["1\n 2"] = "trailing garbage at line 2 col 2",
    }
    for text, expected in pairs(cases) do
      assert.equal(expected, complaint(json.decode, text))
    end
    assert.equal("expected argument of type string, got number", complaint(json.decode, 5))
  end)

  it("fails cleanly where the nesting has no end", function()
    assert.is_false(pcall(json.decode, ("["):rep(1000000)))
  end)
end)
