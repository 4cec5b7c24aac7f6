"""One message told to a machine, under whoever may stop it: how it may end, and what each end is called."""

import wasmtime

from unitstack.engines.emscripten import ProcessExit
from unitstack.engines.journal import Told
from unitstack.engines.linking import reason
from unitstack.engines.machine import Machine
from unitstack.engines.stopping import Stopping
from unitstack.errors import EngineError, Interrupted


class Ended(EngineError):
    """The module ended before it had answered; the gas is what it had used by then."""

    def __init__(self, text: str, gas: int) -> None:
        super().__init__(text)
        self.gas = gas


class OutOfGas(Ended):
    """The message used more than its compute limit."""


def run(machine: Machine, stopping: Stopping, told: Told) -> tuple[bytes, int]:
    """The module's answer, and the gas that it took. Raises Ended, Interrupted, or EngineError where the module gave its
    host something unfit; the machine is then of no more use."""
    machine.host.begin()
    stopping.begin(machine.stop, machine.refuel)
    try:
        answer = machine.call(told.message, told.env)
        gas, spent = machine.gas_used(), machine.out_of_gas()
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        raise _ended(error, machine) from error
    finally:
        stopping.end(machine.rest)
    if spent:
        raise _out_of_gas(machine, gas)
    return answer, gas


def _ended(error: wasmtime.Trap | wasmtime.WasmtimeError, machine: Machine) -> BaseException:
    """What a host function raised tells more than what became of it on its way through the module."""
    raised = machine.host.take_raised()
    if isinstance(raised, ProcessExit):
        return Ended(str(raised), machine.gas_used())
    if raised is None and isinstance(error, wasmtime.Trap):
        return _trapped(error, machine)
    return raised or Ended(f"the module broke: {reason(error)}", machine.gas_used())


def _trapped(trap: wasmtime.Trap, machine: Machine) -> Ended | Interrupted:
    gas, code = machine.gas_used(), trap.trap_code
    if machine.out_of_gas() or code is wasmtime.TrapCode.OUT_OF_FUEL:
        return _out_of_gas(machine, gas)
    if code is wasmtime.TrapCode.INTERRUPT:
        return Interrupted(
            "the evaluation was interrupted; the process is as it was before the message"
        )
    if code is wasmtime.TrapCode.STACK_OVERFLOW:
        return Ended("stack overflow in the module", gas)
    return Ended(f"the module trapped: {reason(trap)}", gas)


def _out_of_gas(machine: Machine, gas: int) -> OutOfGas:
    limit = machine.limits.gas
    return OutOfGas(f"out of gas: one message may use {limit:,} (the Compute-Limit)", gas)
