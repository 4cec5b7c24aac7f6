"""What a network that runs looks like to a person: where everything is, and what to paste for which client."""

from unitstack.cli.network import UNITS, Served


def urls_of(served: Served) -> dict[str, str]:
    """Each unit with its URL."""
    return {name: getattr(served, name) for name in UNITS}


def addresses_of(served: Served) -> dict[str, str]:
    """What a process names: its scheduler, the messenger that it trusts, its module."""
    return {
        "scheduler": served.scheduler_address,
        "messenger (Authority)": served.messenger_address,
        "module": served.module,
    }


def environment_of(served: Served) -> dict[str, str]:
    """What ao's own clients read from the environment."""
    return {
        "GATEWAY_URL": served.gateway,
        "GRAPHQL_URL": f"{served.gateway}/graphql",
        "MU_URL": served.messenger,
        "CU_URL": served.compute,
        "SCHEDULER": served.scheduler_address,
        "AUTHORITY": served.messenger_address,
        "MODULE": served.module,
    }


def lines_to_paste(served: Served) -> str:
    """For a shell: the environment of aoconnect, and the aos console's two ways in. For a notebook: its command."""
    exports = [f"export {name}={value}" for name, value in environment_of(served).items()]
    legacy = "aos my-process --legacy --module $MODULE --tag-name Authority --tag-value $AUTHORITY"
    mainnet = f"aos my-process --url {served.node} --scheduler $AUTHORITY --module $MODULE"
    units = {"mu": "messenger", "su": "scheduler", "cu": "compute", "gateway": "gateway"}
    named = [f"{short}={getattr(served, unit)}" for short, unit in units.items()]
    return "\n".join((*exports, legacy, mainnet, " ".join(("%connect", *named))))


def to_json(served: Served) -> dict[str, object]:
    """For a program."""
    return {
        "urls": urls_of(served),
        "scheduler": served.scheduler_address,
        "messenger": served.messenger_address,
        "module": served.module,
        "environment": environment_of(served),
    }
