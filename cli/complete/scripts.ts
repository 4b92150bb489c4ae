/**
 * The scripts that make shells ask `kairos __complete` what can follow.
 *
 * They run nothing but the program itself, found by its name, and put no word through `eval`.
 *
 * @module
 */

/** Shells there is a script for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** A shell there is a script for. */
export type Shell = typeof SHELLS[number];

/** Script of each shell. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# Completes kairos in bash. Put this into ~/.bashrc:
#   source <(kairos completions bash)
_kairos_complete() {
  local line names=''
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $names ]]; then names=$line; else COMPREPLY+=("$line"); fi
  done < <(command kairos __complete bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  case $names in
    files) compopt -o default 2>/dev/null ;;
    folders) compopt -o dirnames 2>/dev/null ;;
  esac
}
complete -F _kairos_complete kairos
`,
  zsh: `#compdef kairos
# Completes kairos in zsh. Put this into ~/.zshrc, behind compinit:
#   source <(kairos completions zsh)
_kairos() {
  local -a answer words_found shown
  local line
  answer=("\${(@f)$(command kairos __complete zsh "\${(@Q)words[2,CURRENT-1]}" "=\${(Q)PREFIX}" 2>/dev/null)}")
  for line in "\${(@)answer[2,-1]}"; do
    words_found+=("\${line%%$'\\t'*}")
    shown+=("\${line%%$'\\t'*}\${\${line#*$'\\t'}:+  -- \${line#*$'\\t'}}")
  done
  case \${answer[1]} in
    files) _files ;;
    folders) compset -P '--*='; _files -/ ;;
    *) compadd -l -d shown -a -- words_found ;;
  esac
}
if [[ \${funcstack[1]} == _kairos ]]; then
  _kairos "$@"
else
  compdef _kairos kairos
fi
`,
  fish: `# Completes kairos in fish. Write this to ~/.config/fish/completions/kairos.fish
function __kairos_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l answer (command kairos __complete fish $words "="(commandline -ct) 2>/dev/null)
    switch "$answer[1]"
        case files
            __fish_complete_path (commandline -ct)
        case folders
            __fish_complete_directories (commandline -ct)
        case '*'
            for line in $answer[2..-1]
                printf '%s\\n' $line
            end
    end
end
complete --command kairos --no-files --arguments '(__kairos_complete)'
`,
  powershell: `# Completes kairos in PowerShell. Put this into $PROFILE:
#   kairos completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName kairos -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { if ($null -ne $_.Value) { [string]$_.Value } else { $_.Extent.Text } })
    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $answer = @(& kairos __complete powershell @words "=$wordToComplete" 2>$null)
    } finally {
        [Console]::OutputEncoding = $encoding
    }
    $answer | Select-Object -Skip 1 | ForEach-Object {
        $word, $about = $_ -split "\`t", 2
        if (-not $about) { $about = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)
    }
}
`,
};
