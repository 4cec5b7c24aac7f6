"""Exceptions of the older kind do what they did, once they are rewritten."""

import pytest

from tests.unitstack.engines.wasm_code.running import assembled, call
from unitstack.engines.wasm_code.exceptions import modernised
from unitstack.engines.wasm_code.sections import join, split
from unitstack.errors import EngineError

THROWER = """
(tag $number (param i32))
(tag $pair (param i32 i32))
(tag $nothing)
(func $throw (param i32)
  (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $number (i32.const 10))))
  (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $pair (i32.const 30) (i32.const 4))))
  (if (i32.eq (local.get 0) (i32.const 3)) (then (throw $nothing))))
"""


def outcomes(body: str) -> list[int | float]:
    """What the function gives when nothing is thrown, a number, a pair, and nothing."""
    wat = f'(module {THROWER} (func (export "f") (param $what i32) (result i32) (local $n i32) {body}))'
    module = join(modernised(split(assembled(wat))))
    return [call(module, "f", what) for what in range(4)]


def test_each_catch_has_its_own_tags_values() -> None:
    body = """
    try (result i32)
      local.get $what call $throw i32.const 1
    catch $number
      i32.const 100 i32.add
    catch $pair
      i32.sub
    catch_all
      i32.const 7
    end"""

    assert outcomes(body) == [1, 110, 26, 7]


def test_branches_out_of_bodies_and_handlers_reach_where_they_did() -> None:
    body = """
    block $out (result i32)
      loop $again
        try
          local.get $what call $throw
          i32.const 50
          br $out
        catch $number
          i32.const 2 i32.mul
          br $out
        catch $pair
          drop drop
          local.get $n i32.const 1 i32.add local.tee $n
          i32.const 3 i32.lt_s
          br_if $again
          local.get $n
          br $out
        catch_all
        end
      end
      i32.const 9
    end"""

    assert outcomes(body) == [50, 20, 3, 9]


def test_a_table_of_branches_reaches_where_it_did() -> None:
    body = """
    block $b (result i32)
      block $a
        try $t
          local.get $what call $throw
          local.get $n
          br_table $t $a
        catch_all
          local.get $what i32.const 2 i32.sub
          br_table $t $a
        end
        i32.const 70
        br $b
      end
      i32.const 80
    end"""

    assert outcomes(body) == [70, 80, 70, 80]


def test_an_exception_thrown_on_reaches_the_next_handler() -> None:
    body = """
    try $outer (result i32)
      try $inner (result i32)
        local.get $what call $throw i32.const 1
      catch $number
        drop rethrow $inner
      catch $pair
        drop drop rethrow $inner
      catch_all
        i32.const 5
      end
    catch $number
      i32.const 1 i32.add
    catch $pair
      i32.add
    end"""

    assert outcomes(body) == [1, 11, 34, 5]


def test_handlers_may_try_themselves() -> None:
    body = """
    try (result i32)
      local.get $what call $throw i32.const 1
    catch_all
      try (result i32)
        local.get $what call $throw i32.const 2
      catch_all
        i32.const 3
      end
    end"""

    assert outcomes(body) == [1, 3, 3, 3]


def test_a_try_without_handlers_lets_exceptions_pass() -> None:
    body = """
    try (result i32)
      try (result i32)
        local.get $what call $throw i32.const 1
      end
    catch_all
      i32.const 2
    end"""

    assert outcomes(body) == [1, 2, 2, 2]


def test_delegated_exceptions_are_refused() -> None:
    with pytest.raises(EngineError, match="delegates exceptions"):
        outcomes(
            "try (result i32) try (result i32) i32.const 1 delegate 0 catch_all i32.const 2 end"
        )


def test_a_module_without_old_exceptions_stays_as_it_is() -> None:
    module = assembled(f'(module {THROWER} (func (export "f") (result i32) (i32.const 1)))')

    assert join(modernised(split(module))) == module
