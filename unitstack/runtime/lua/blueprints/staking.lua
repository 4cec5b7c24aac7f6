--[[
  Staking for a token (load `token` first): a holder locks a quantity with `Stake`, takes it out with `Unstake`, and has
  it back when the delay since the stake, in blocks, is over. `Stakers` as an action answers all stakes as JSON.

  Its state: `Stakers` and `Unstaking` by account, with amounts as text, and `UnstakeDelay`.
]]
local bint = require(".bint")(256)
local json = require("json")

Variant = "0.0.4"
Stakers = Stakers or {}
Unstaking = Unstaking or {}
UnstakeDelay = UnstakeDelay or 670

local function sum(a, b)
  return tostring(bint(a) + bint(b))
end
local function difference(a, b)
  return tostring(bint(a) - bint(b))
end

function Handlers.stake(msg)
  local quantity, height = msg.Tags.Quantity, tonumber(msg["Block-Height"])
  local balance = Balances[msg.From]
  -- Error texts tell their line: this one and the other assertion stand where the field has them.
  assert(balance and bint(balance) >= bint(quantity) and not bint(quantity):isneg(), "Insufficient balance to stake")
  local stake = Stakers[msg.From] or { amount = "0" }
  stake.amount = sum(stake.amount, quantity)
  stake.unstake_at = height + UnstakeDelay
  Balances[msg.From], Stakers[msg.From] = difference(balance, quantity), stake
  print("Successfully Staked " .. quantity)
  msg.reply({ Data = "Successfully Staked " .. quantity })
end

function Handlers.unstake(msg)
  local quantity = msg.Tags.Quantity
  local stake, leaving = Stakers[msg.From], Unstaking[msg.From]
  assert(stake and bint(stake.amount) >= bint(quantity) and not bint(quantity):isneg(), "Insufficient staked amount")
  stake.amount = difference(stake.amount, quantity)
  -- What is on its way out already must not be lost.
  local amount = leaving and sum(leaving.amount, quantity) or quantity
  Unstaking[msg.From] = { amount = amount, release_at = stake.unstake_at }
  msg.reply({ Data = "Successfully unstaked " .. quantity })
end

local function release(msg)
  local height = tonumber(msg["Block-Height"])
  for account, unstake in pairs(Unstaking) do
    if unstake.release_at == nil or height >= unstake.release_at then
      Balances[account] = sum(Balances[account] or "0", unstake.amount)
      Unstaking[account] = nil
    end
  end
end

Handlers.add("staking.balances", "Stakers", function(msg)
  msg.reply({ Data = json.encode(Stakers) })
end)
Handlers.add("staking.stake", Handlers.utils.hasMatchingTag("Action", "Stake"), Handlers.stake)
Handlers.add("staking.unstake", Handlers.utils.hasMatchingTag("Action", "Unstake"), Handlers.unstake)
Handlers.prepend("staking.finalize", function()
  return "continue"
end, release)
