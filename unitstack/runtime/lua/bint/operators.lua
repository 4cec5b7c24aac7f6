-- The operators of a bint module's values that always give floats.
return function(bint)
  function bint.__div(x, y)
    return bint.tonumber(x) / bint.tonumber(y)
  end

  function bint.__pow(x, y)
    return bint.tonumber(x) ^ bint.tonumber(y)
  end
end
