# SPDX-License-Identifier: Apache-2.0
<#
.SYNOPSIS
prove.ps1: what a Windows host itself says of its user rights, its settings and the logons
of the last minutes, to be compared with what lsasweep reported about it.

.DESCRIPTION
Run it on each host, as administrator, right after prove.sh (Windows PowerShell 5.1 or
later). It reads, and writes files into one folder; it changes nothing and sends nothing
anywhere. At the end it lists the files, so that you can read them before you give them
to anybody.

  rights.inf       secedit /export: who holds each right
  system.txt       Windows and its build
  smb.txt          SMB server settings
  settings.txt     settings of NTLM, SMB and RPC in the registry
  events-*.csv     time and id of events of the last minutes, and of logons whether they
                   were refused, by which package, from where
  password.txt     with -Account on a domain controller: its bad-password count

.PARAMETER Folder
Where to; it must not exist yet. Default: prove-COMPUTER-TIME in the present folder.

.PARAMETER Minutes
How far back events are read. Default: 30.

.PARAMETER Account
An account whose bad-password count is read from this domain controller.
#>
param(
	[string]$Folder = ('prove-' + $env:COMPUTERNAME + '-' + (Get-Date -Format 'yyyyMMddTHHmmss')),
	[int]$Minutes = 30,
	[string]$Account = ''
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $identity
if (-not $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
	[Console]::Error.WriteLine('prove.ps1: run it as administrator')
	exit 2
}
if (Test-Path -LiteralPath $Folder) {
	[Console]::Error.WriteLine("prove.ps1: ""$Folder"": expected a folder that does not exist yet")
	exit 2
}
$null = New-Item -ItemType Directory -Path $Folder
$Folder = (Resolve-Path -LiteralPath $Folder).ProviderPath

# What cannot be read here is said in the file itself.
function Save-Part([string]$Name, [scriptblock]$Part) {
	$file = Join-Path -Path $Folder -ChildPath $Name
	try {
		& $Part | Out-File -FilePath $file -Encoding UTF8 -Width 250
	} catch {
		"not read: $($_.Exception.Message)" | Out-File -FilePath $file -Encoding UTF8
	}
}

$rights = Join-Path -Path $Folder -ChildPath 'rights.inf'
$log = Join-Path -Path $Folder -ChildPath 'secedit.log'
& secedit.exe /export /areas USER_RIGHTS /cfg $rights /log $log /quiet

Save-Part 'system.txt' {
	[Environment]::OSVersion.Version
	Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' |
		Select-Object -Property ProductName, CurrentBuild, UBR, DisplayVersion, ReleaseId |
		Format-List
}

Save-Part 'smb.txt' {
	Get-SmbServerConfiguration | Format-List -Property *Sign*, *Encrypt*, *Dialect*, *Auth*,
		*Audit*, *Hardening*, *Restrict*
}

$keys = @(
	'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa',
	'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0',
	'HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters',
	'HKLM:\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters',
	'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Rpc',
	'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
)
# By name: a key may hold other things, and those are nobody's business.
$values = @(
	'LmCompatibilityLevel', 'RestrictAnonymous', 'RestrictAnonymousSAM', 'RestrictRemoteSAM',
	'LimitBlankPasswordUse', 'NoLMHash', 'RunAsPPL', 'LsaCfgFlags', 'NtlmMinServerSec',
	'NtlmMinClientSec', 'RestrictReceivingNTLMTraffic', 'RestrictSendingNTLMTraffic',
	'AuditReceivingNTLMTraffic', 'RestrictNTLMInDomain', 'AuditNTLMInDomain',
	'RequireSecuritySignature', 'EnableSecuritySignature', 'SmbServerNameHardeningLevel',
	'RestrictNullSessAccess', 'SMB1', 'SMB2', 'EncryptData', 'RejectUnencryptedAccess',
	'InvalidAuthenticationDelayTimeInMs', 'RestrictRemoteClients',
	'EnableAuthEpResolution', 'LocalAccountTokenFilterPolicy', 'FilterAdministratorToken'
)
Save-Part 'settings.txt' {
	foreach ($key in $keys) {
		if (-not (Test-Path -LiteralPath $key)) {
			"$key is not there"
			continue
		}
		$item = Get-ItemProperty -LiteralPath $key
		foreach ($value in $values) {
			if ($item.PSObject.Properties.Name -contains $value) {
				"$key $value = $($item.$value)"
			}
		}
	}
}

# Of a logon: the status, the package and the address, but no other text of the event.
function Get-EventField($Record, [string]$Name) {
	$xml = [xml]$Record.ToXml()
	$found = $xml.SelectNodes("//*[local-name()='Data'][@Name='$Name']")
	if ($found.Count -gt 0) { $found.Item(0).InnerText } else { '' }
}

$logs = @(
	@{ Name = 'Security'; Id = 4624, 4625, 4627, 4634, 4672, 4740, 4768, 4769, 4771, 4776, 5140, 5145 },
	@{ Name = 'Microsoft-Windows-NTLM/Operational'; Id = @() },
	@{ Name = 'Microsoft-Windows-SMBServer/Security'; Id = @() },
	@{ Name = 'Microsoft-Windows-SMBServer/Audit'; Id = @() },
	@{ Name = 'Microsoft-Windows-SMBServer/Operational'; Id = @() }
)
$since = (Get-Date).AddMinutes(-$Minutes)
foreach ($one in $logs) {
	Save-Part ('events-' + ($one.Name -replace '[^A-Za-z0-9]', '-') + '.csv') {
		$filter = @{ LogName = $one.Name; StartTime = $since }
		if (@($one.Id).Count -gt 0) { $filter['Id'] = $one.Id }
		Get-WinEvent -FilterHashtable $filter | ForEach-Object -Process {
			New-Object -TypeName PSObject -Property @{
				Time = $_.TimeCreated.ToUniversalTime().ToString('o')
				Id = $_.Id
				Status = (Get-EventField $_ 'Status')
				SubStatus = (Get-EventField $_ 'SubStatus')
				LogonType = (Get-EventField $_ 'LogonType')
				Package = (Get-EventField $_ 'AuthenticationPackageName')
				Address = (Get-EventField $_ 'IpAddress')
				Share = (Get-EventField $_ 'ShareName')
				Pipe = (Get-EventField $_ 'RelativeTargetName')
			}
		} | Select-Object -Property Time, Id, Status, SubStatus, LogonType, Package, Address,
			Share, Pipe | ConvertTo-Csv -NoTypeInformation
	}
}

if ($Account -ne '') {
	Save-Part 'password.txt' {
		Get-ADUser -Identity $Account -Server $env:COMPUTERNAME -Properties badPwdCount,
			badPasswordTime, lockoutTime |
			Format-List -Property SamAccountName, badPwdCount, badPasswordTime, lockoutTime
	}
}

"Collected in ${Folder}:"
Get-ChildItem -LiteralPath $Folder | Format-Table -Property Length, Name -AutoSize
'The files name this host, accounts and domains. Nothing was sent anywhere: read them,'
'and give them only to whom you trust.'
