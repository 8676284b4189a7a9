<#
Has Windows' own firewall block every connection of Pitcher, in both directions, for every user.
For administrators: run it in a PowerShell that was started as administrator.

    powershell -ExecutionPolicy Bypass -File block-network.ps1
    powershell -ExecutionPolicy Bypass -File block-network.ps1 -Prefix D:\Programs\Pitcher
    powershell -ExecutionPolicy Bypass -File block-network.ps1 -Remove

A rule names a program's file, so each version has its own: run it again after an update. What a
program starts is not held by a rule for that program; Pitcher starts itself alone.
#>
[CmdletBinding()]
param(
    [string]$Prefix = $PSScriptRoot,
    [switch]$Remove
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$group = 'Pitcher: no network'

$identity = [Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()
if (-not $identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    [Console]::Error.WriteLine('Only an administrator can set rules of the firewall. Start PowerShell as administrator, then run this again.')
    exit 1
}

$folder = [IO.Path]::GetFullPath($Prefix).TrimEnd('\')
$old = @(Get-NetFirewallRule -Group $group -ErrorAction SilentlyContinue | Where-Object {
    ($_ | Get-NetFirewallApplicationFilter).Program -like "$([WildcardPattern]::Escape($folder))\*"
})
if ($old.Count) { $old | Remove-NetFirewallRule }
if ($Remove) {
    Write-Output "Rules removed: $($old.Count)."
    exit 0
}

$programs = @(Get-ChildItem -LiteralPath $folder -Recurse -File -Filter '*.exe')
if (-not $programs.Count) {
    [Console]::Error.WriteLine("There is no program in $folder. Name Pitcher's folder with -Prefix.")
    exit 1
}
foreach ($program in $programs) {
    foreach ($direction in 'Outbound', 'Inbound') {
        $null = New-NetFirewallRule -DisplayName "Pitcher, no network ($direction)" -Group $group `
            -Direction $direction -Action Block -Program $program.FullName -Profile Any -Enabled True
    }
}
Write-Output "Blocked: $($programs.Count) programs in $folder, in both directions."
