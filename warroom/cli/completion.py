"""`warroom completion`: the lines that teach a shell to complete commands, options, incidents and names."""

from __future__ import annotations

import os
from pathlib import Path

import click

from warroom.cli.output import emit, say, tell
from warroom.cli.settings import Settings, command
from warroom.words import tr

SHELLS = ("bash", "zsh", "fish")

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' line=$COMP_LINE words=() begun='' i word answer type value
    COMPREPLY=()
    # A word ends at a colon here: what stands together in the line is put together again (sev:1, role:mina).
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 0)) && [[ $line != [[:blank:]]* && (${word:0:1} == : || ${words[${#words[@]}-1]: -1} == :) ]]; then
            begun=${words[${#words[@]}-1]}
            [[ $word == :* ]] && begun=$begun: # the colon stays, and nothing behind it has begun
            words[${#words[@]}-1]+=$word
        else
            begun=''
            words+=("$word")
        fi
        line=${line#"${line%%%%[![:blank:]]*}"}
        line=${line#"$word"}
    done
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("${value:${#begun}}") ;;
        esac
    done < <(env COMP_WORDS="${words[*]}" COMP_CWORD=$((${#words[@]} - 1)) %(complete_var)s=bash_complete "$1")
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""
"""What bash has to read. Click's own knows nothing of words that bash has cut."""


@command("completion")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.option("--install", is_flag=True, help="Write it where this shell looks for completions of yours.")
def completion(settings: Settings, shell: str | None, install: bool) -> None:
    """Print the lines that teach SHELL to complete commands, options, live incidents, people, roles, services,
    severities and statuses. Default: the shell that you use.

    \b
    warroom completion bash --install
    eval "$(warroom completion bash)"        # in ~/.bashrc
    eval "$(warroom completion zsh)"         # in ~/.zshrc, behind compinit
    warroom completion fish | source         # in ~/.config/fish/config.fish
    """
    shell = shell or Path(os.environ.get("SHELL", "")).name
    if shell not in SHELLS:
        raise click.UsageError(tr("name the shell: bash, zsh or fish"))
    text = script(shell)
    if not install:
        click.echo(text.encode(), nl=False)
        return
    where = place(shell)
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(text, encoding="utf-8")
    if settings.json:
        from warroom.cli.shapes.config import ConfigFile

        emit(ConfigFile(file=str(where), exists=True, whose="own"))
    else:
        say(str(where))
    tell(settings, _then(shell, where))


def script(shell: str) -> str:
    """What the shell has to read, once."""
    from click.shell_completion import get_completion_class

    from warroom.cli.main import cli

    kind = get_completion_class(shell)
    assert kind is not None
    made = kind(cli, {}, "warroom", "_WARROOM_COMPLETE")
    return (_BASH if shell == "bash" else made.source_template) % made.source_vars()


def place(shell: str) -> Path:
    """Where a shell looks for a completion that belongs to one person."""
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    match shell:
        case "bash":
            return data / "bash-completion" / "completions" / "warroom"
        case "zsh":
            return data / "zsh" / "site-functions" / "_warroom"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "fish" / "completions" / "warroom.fish"


def _then(shell: str, where: Path) -> str:
    match shell:
        case "bash":
            return tr(
                "a new bash knows it where the package bash-completion is installed; else put into ~/.bashrc: . {file}"
            ).format(file=where)
        case "zsh":
            return tr("put into ~/.zshrc, in front of compinit: fpath=({directory} $fpath)").format(
                directory=where.parent
            )
    return tr("a new fish knows it")
