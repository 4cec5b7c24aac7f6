-- Powers of a bint module's values.
return function(bint, shape)
  local value_of, clone = shape.value_of, shape.clone

  -- The exponent counts as a number without sign.
  function bint.ipow(x, y)
    local base, exponent = bint.new(x), clone(value_of(y))
    local result = bint.one()
    while not exponent:iszero() do
      if exponent:isodd() then
        result = result * base
      end
      base = base * base
      exponent:_shrone()
    end
    return result
  end

  -- x to the power of y modulo m, without signs. Products wrap, so m should be below half the size.
  function bint.upowmod(x, y, m)
    local modulus = value_of(m)
    if modulus:isone() then
      return bint.zero()
    end
    local base, exponent = bint.umod(x, modulus), clone(value_of(y))
    local result = bint.one()
    while not exponent:iszero() do
      if exponent:isodd() then
        result = bint.umod(result * base, modulus)
      end
      base = bint.umod(base * base, modulus)
      exponent:_shrone()
    end
    return result
  end
end
