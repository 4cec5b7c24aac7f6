--[[
  Voting with stakes (load `token` and `staking` first): a staker votes `yay` or `nay` on a target with all that is
  staked. The first vote opens the target for `Deadline` blocks; a second vote takes the place of the same staker's
  first. At the first message after the deadline a target that passed is announced, and its record is cleared.
]]
local bint = require(".bint")(256)

local SIDES = { yay = true, nay = true }

Balances = Balances or {}
Votes = Votes or {}

local function staked_by(account)
  local stake = Stakers and Stakers[account]
  return bint(stake and stake.amount or 0)
end

local function open_vote(msg)
  local blocks = assert(tonumber(msg.Tags.Deadline), "Deadline is required!")
  return { yay = "0", nay = "0", deadline = tonumber(msg["Block-Height"]) + blocks, voters = {} }
end

function Handlers.vote(msg)
  local quantity = staked_by(msg.From)
  local target, side = msg.Tags.Target, msg.Tags.Side
  assert(quantity > bint(0), "No staked tokens to vote")
  assert(type(target) == "string", "Target is required!")
  assert(SIDES[side], "Side must be yay or nay")

  local vote = Votes[target] or open_vote(msg)
  local before = vote.voters[msg.From]
  if before then
    vote[before.side] = tostring(bint(vote[before.side]) - bint(before.amount))
  end
  vote[side] = tostring(bint(vote[side]) + quantity)
  vote.voters[msg.From] = { side = side, amount = tostring(quantity) }
  Votes[target] = vote
end

local function count(msg)
  local height = tonumber(msg["Block-Height"])
  for target, vote in pairs(Votes) do
    if height >= vote.deadline then
      if bint(vote.yay) > bint(vote.nay) then
        print("Handle Vote")
      end
      Votes[target] = nil
    end
  end
end

Handlers.add("vote", Handlers.utils.hasMatchingTag("Action", "Vote"), Handlers.vote)
Handlers.add("finalize", function()
  return "continue"
end, count)
