"""What is wrong with the words of a command, in Indonesian: Click says it in English."""

import click
from click.exceptions import NoArgsIsHelpError, NoSuchCommand


def told(fault: click.ClickException) -> str:
    """What a command says of itself; where its words are wrong, the sentence and how its help is asked for."""
    if not isinstance(fault, click.UsageError) or isinstance(fault, NoArgsIsHelpError):
        return fault.format_message()
    command = fault.ctx.command_path if fault.ctx else "run.py"
    return f"{_sentence(fault)}\nCara memakainya: python3 {command} --help"


def _sentence(fault: click.UsageError) -> str:
    said = fault.format_message()
    match fault:
        case NoSuchCommand():
            said = f"Perintah {fault.command_name} tidak dikenal."
        case click.NoSuchOption():
            said = f"Pilihan {fault.option_name} tidak dikenal."
        case click.BadOptionUsage():
            said = f"Pilihan {fault.option_name} tidak diberi nilai sebagaimana mestinya."
        case click.MissingParameter(param=click.Parameter() as missing):
            said = f"{missing.human_readable_name} belum ditulis."
        case click.BadParameter(param=click.Option(type=click.types.IntRange() as wanted) as given):
            said = f"{given.opts[0]} harus bilangan bulat {_between(wanted)}."
        case click.BadParameter(param=click.Parameter() as given):
            said = f"{given.human_readable_name}: {fault.message}."
        case _ if "unexpected extra" in fault.message:
            said = "Ada kata yang berlebih pada perintah ini."
    return said


def _between(wanted: click.IntRange) -> str:
    if wanted.max is None:
        return f"paling sedikit {wanted.min}"
    return f"dari {wanted.min} sampai {wanted.max}"
