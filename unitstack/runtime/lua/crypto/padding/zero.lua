-- Zeros up to a whole block, none where a block is whole.
return function(block_size, count)
  local left = -count % block_size
  return function()
    if left > 0 then
      left = left - 1
      return 0
    end
    return nil
  end
end
