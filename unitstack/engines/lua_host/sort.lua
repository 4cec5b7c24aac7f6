-- `table.sort` for long lists with an order of the program's own. The C library may take its pivots from the clock
-- there, so equal elements would come out differently each time; this is the same algorithm with fixed pivots.
local host = ...

local sort, type, error, rawlen = table.sort, type, error, rawlen

local SHORT = 100 -- up to here the C library is regular

local function sort_range(t, low, high, before)
  while low < high do
    if before(t[high], t[low]) then t[low], t[high] = t[high], t[low] end
    if high - low == 1 then return end
    local middle = (low + high) // 2
    if before(t[middle], t[low]) then
      t[middle], t[low] = t[low], t[middle]
    elseif before(t[high], t[middle]) then
      t[middle], t[high] = t[high], t[middle]
    end
    if high - low == 2 then return end
    local pivot = t[middle]
    t[middle], t[high - 1] = t[high - 1], pivot
    local i, j = low, high - 1
    while true do
      i = i + 1
      while before(t[i], pivot) do
        if i == high - 1 then error("invalid order function for sorting", 0) end
        i = i + 1
      end
      j = j - 1
      while before(pivot, t[j]) do
        if j < i then error("invalid order function for sorting", 0) end
        j = j - 1
      end
      if j < i then break end
      t[i], t[j] = t[j], t[i]
    end
    t[high - 1], t[i] = t[i], t[high - 1]
    -- The shorter side by recursion, so that the depth stays logarithmic.
    if i - low < high - i then
      sort_range(t, low, i - 1, before)
      low = i + 1
    else
      sort_range(t, i + 1, high, before)
      high = i - 1
    end
  end
end

local function less(a, b) return a < b end

function table.sort(t, before)
  local long = type(t) == "table" and rawlen(t) > SHORT
  if not long or (before ~= nil and type(before) ~= "function") then return sort(t, before) end
  if before == nil then
    if type(t[1]) ~= "table" then return sort(t) end -- equal strings or numbers cannot be told apart
    before = less
  end
  sort_range(t, 1, #t, before)
end

host.sort = sort
