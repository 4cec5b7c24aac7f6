--[[
  A token: balances that their owners may pass on, after the ao token standard.

  Loading it makes the process a token. What is set already stays as it is, so it may be loaded again at any time, to
  change its code without touching its state.

  Amounts are whole numbers of the smallest unit, written as decimal text: "1000000000000" is one token where the
  denomination is 12. They are reckoned with integers of 256 bits, never with floats, so that no unit is ever lost.

  What others may send (tag `Action`), and what they are answered:

    Info            name, ticker, logo, denomination and supply, as tags
    Balance         the balance of `Recipient`, or else of `Target`, or else of whoever asks
    Balances        all balances, as a JSON object
    Transfer        moves `Quantity` of the sender's to `Recipient`. Both are told: the sender by a `Debit-Notice`, the
                    recipient by a `Credit-Notice`. Tags of the message that begin with `X-` go along. With a tag
                    `Cast` nobody is told.
    Mint            adds `Quantity` to the process's own balance; only the process itself may ask for that
    Total-Supply    how much there is; the process itself may not ask
    Burn            not implemented

  What changes is also given to the network as a patch, so that it can be read without asking the process.

  Its state, all of it global, for programs that build on it:
    Balances        amounts by account
    TotalSupply     their sum, if nothing else touches them
    Denomination    how many digits of an amount are behind the point
    Ticker, Logo    how it is called for short, and the id of its picture
    Name            its name: the process's own, if that has one
]]
local bint = require(".bint")(256)
local json = require("json")

Variant = "0.0.3"

local FIRST_SUPPLY = "10000000000000000" -- 10,000 tokens

Denomination = Denomination or 12
Balances = Balances or { [ao.id] = FIRST_SUPPLY }
TotalSupply = TotalSupply or FIRST_SUPPLY
Name = Name or "Points Coin"
Ticker = Ticker or "PNTS"
Logo = Logo or "SBCCXwwecBlDqRLUjb8dYABExTJXLieawf7m2aBJ-KY"

local function action(name)
  return Handlers.utils.hasMatchingTag("Action", name)
end

local function sum(a, b)
  return tostring(bint(a) + bint(b))
end

local function difference(a, b)
  return tostring(bint(a) - bint(b))
end

-- Messages of older modules cannot reply.
local function answer(msg, fields)
  if msg.reply then
    return msg.reply(fields)
  end
  fields.Target = msg.From
  return Send(fields)
end

local function info()
  return {
    name = Name,
    ticker = Ticker,
    logo = Logo,
    denomination = tostring(Denomination),
    supply = TotalSupply,
  }
end

-- Tells the network the balances that changed.
local function patch(...)
  local changed = {}
  for _, account in ipairs({ ... }) do
    changed[account] = Balances[account]
  end
  Send({ device = "patch@1.0", balances = changed, ["token-info"] = info() })
end

local function painted(...)
  return table.concat({ ... }) .. Colors.reset
end

local function forwarded(msg, notice)
  for name, value in pairs(msg) do
    if name:sub(1, 2) == "X-" then
      notice[name] = value
    end
  end
  return notice
end

local function debit_notice(msg)
  local amount = Colors.blue .. msg.Quantity .. Colors.gray
  local text = painted(Colors.gray, "You transferred ", amount, " to ", Colors.green, msg.Recipient)
  return forwarded(msg, { Action = "Debit-Notice", Recipient = msg.Recipient, Quantity = msg.Quantity, Data = text })
end

local function credit_notice(msg)
  local amount = Colors.blue .. msg.Quantity .. Colors.gray
  local text = painted(Colors.gray, "You received ", amount, " from ", Colors.green, msg.From)
  local notice = { Action = "Credit-Notice", Sender = msg.From, Quantity = msg.Quantity, Data = text }
  notice.Target = msg.Recipient
  return forwarded(msg, notice)
end

Handlers.add("info", action("Info"), function(msg)
  answer(msg, info())
end)

local function balance_for(msg)
  local tags = msg.Tags
  if tags.Recipient then
    return Balances[tags.Recipient] or "0"
  elseif tags.Target and Balances[tags.Target] then
    return Balances[tags.Target]
  end
  return Balances[msg.From] or "0"
end

Handlers.add("balance", action("Balance"), function(msg)
  local balance = balance_for(msg)
  answer(msg, { Balance = balance, Ticker = Ticker, Account = msg.Tags.Recipient or msg.From, Data = balance })
end)

Handlers.add("balances", action("Balances"), function(msg)
  answer(msg, { Data = json.encode(Balances) })
end)

local function move(msg)
  Balances[msg.From] = difference(Balances[msg.From], msg.Quantity)
  Balances[msg.Recipient] = sum(Balances[msg.Recipient], msg.Quantity)
  if not msg.Cast then
    answer(msg, debit_notice(msg))
    Send(credit_notice(msg))
  end
  patch(msg.From, msg.Recipient)
end

Handlers.add("transfer", action("Transfer"), function(msg)
  -- Programs compare the text of an error with its line: these stand where the field has them.
  assert(type(msg.Recipient) == "string", "Recipient is required!")
  assert(type(msg.Quantity) == "string", "Quantity is required!")
  assert(bint.__lt(0, bint(msg.Quantity)), "Quantity must be greater than 0")

  Balances[msg.From] = Balances[msg.From] or "0"
  Balances[msg.Recipient] = Balances[msg.Recipient] or "0"
  if bint(msg.Quantity) <= bint(Balances[msg.From]) then
    return move(msg)
  end
  answer(msg, { Action = "Transfer-Error", ["Message-Id"] = msg.Id, Error = "Insufficient Balance!" })
end)

Handlers.add("mint", action("Mint"), function(msg)
  assert(type(msg.Quantity) == "string", "Quantity is required!")
  assert(bint(0) < bint(msg.Quantity), "Quantity must be greater than zero!")

  Balances[ao.id] = Balances[ao.id] or "0"
  if msg.From ~= ao.id then
    local reason = "Only the Process Id can mint new " .. Ticker .. " tokens!"
    return answer(msg, { Action = "Mint-Error", ["Message-Id"] = msg.Id, Error = reason })
  end
  Balances[ao.id] = sum(Balances[ao.id], msg.Quantity)
  TotalSupply = sum(TotalSupply, msg.Quantity)
  answer(msg, { Data = painted(Colors.gray, "Successfully minted ", Colors.blue, msg.Quantity) })
  patch(ao.id)
end)

Handlers.add("totalSupply", action("Total-Supply"), function(msg)
  assert(msg.From ~= ao.id, "Cannot call Total-Supply from the same process!")
  answer(msg, { Action = "Total-Supply", Data = TotalSupply, Ticker = Ticker })
end)

Handlers.add("burn", action("Burn"), function()
  print("not implemented")
end)
