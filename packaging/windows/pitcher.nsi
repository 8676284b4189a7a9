; The installer for Windows: for one user, without an administrator, in the layout of
; app/installation.py. tools/package/nsis.py builds it on Linux and says what ${…} is:
;   VERSION  TREE (the frozen program)  PARTS (starters, icon, licence)  OUTPUT
; A 64-bit installer, as the program is, where this makensis can make one (Debian's can).
; Switches: /S silent, /D=FOLDER (the last one, without quotes), /BLOCKNETWORK (administrators),
; /ALLOWDOWNGRADE.
!ifdef TARGET
  Target ${TARGET}
!endif
Unicode true
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetCompressorDictSize 64
CRCCheck force
AllowSkipFiles off
SetOverwrite on

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include x64.nsh
!include WinVer.nsh

!define KEY_UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Pitcher"
!define KEY_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths\pitcher.exe"
!define KEY_CLASSES "Software\Classes"
!define SHELL_ASSOCIATIONS_CHANGED 0x08000000
!define MOVE_OVER_AND_FLUSH 9 ; MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH

Var current ; the version that starts, whole; empty where there is none
Var allowDowngrade

Name "Pitcher"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Pitcher"
InstallDirRegKey HKCU "${KEY_UNINSTALL}" "InstallLocation"
BrandingText "Pitcher ${VERSION}"
VIProductVersion "${FILE_VERSION}"
VIAddVersionKey "ProductName" "Pitcher"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${FILE_VERSION}"
VIAddVersionKey "FileDescription" "Pitcher's installer"
VIAddVersionKey "LegalCopyright" "Apache-2.0, and what LICENSE and NOTICE name"

!define MUI_ICON "${PARTS}/pitcher.ico"
!define MUI_UNICON "${PARTS}/pitcher.ico"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\pitcher.exe"
!insertmacro MUI_PAGE_LICENSE "${PARTS}/LICENSE"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

!macro words NAME ENGLISH GERMAN
  LangString ${NAME} ${LANG_ENGLISH} "${ENGLISH}"
  LangString ${NAME} ${LANG_GERMAN} "${GERMAN}"
!macroend
!insertmacro words SYSTEM_IS_OLD "Pitcher needs 64-bit Windows 10 or later." "Pitcher braucht Windows 10 oder neuer mit 64 Bit."
!insertmacro words IS_OPEN "Pitcher is open. Close it, then try again." "Pitcher ist geöffnet. Schließen Sie es, dann versuchen Sie es noch einmal."
!insertmacro words IS_LATER "Version $current is installed, which is later than ${VERSION}. An older version may not read the chats as they are kept now; to install it all the same, start this with /ALLOWDOWNGRADE." "Version $current ist installiert, die neuer als ${VERSION} ist. Eine ältere Version kann die Chats vielleicht nicht lesen, wie sie jetzt gespeichert sind; um sie trotzdem zu installieren, starten Sie dies mit /ALLOWDOWNGRADE."
!insertmacro words NOT_WRITTEN "The folder $INSTDIR can't be written to. Choose another one." "In den Ordner $INSTDIR kann nicht geschrieben werden. Wählen Sie einen anderen."
!insertmacro words TO_SHARE "A folder of another computer can't be chosen: choose one on this computer." "Ein Ordner eines anderen Computers geht nicht: Wählen Sie einen auf diesem Computer."
!insertmacro words NOT_BLOCKED "The firewall's rules could not be set. Pitcher is installed; set them later by block-network.ps1." "Die Regeln der Firewall ließen sich nicht setzen. Pitcher ist installiert; setzen Sie sie später mit block-network.ps1."
!insertmacro words KEPT "Chats, models and settings are kept in $LOCALAPPDATA\pitcher, pitcher-models and pitcher-ledger." "Chats, Modelle und Einstellungen bleiben in $LOCALAPPDATA\pitcher, pitcher-models und pitcher-ledger."
!insertmacro words NO_FOLDER_OF_OURS "$INSTDIR is no folder that this installer made. Nothing was removed." "$INSTDIR ist kein Ordner, den dieses Installationsprogramm angelegt hat. Nichts wurde entfernt."
!insertmacro words PART_PROGRAM "Pitcher" "Pitcher"
!insertmacro words PART_BLOCK "Block its network (firewall)" "Netzwerk sperren (Firewall)"
!insertmacro words TELL_PROGRAM "The program, its entry in the Start menu, and models (GGUF) and updates opened with it." "Das Programm, sein Eintrag im Startmenü, und Modelle (GGUF) und Aktualisierungen öffnen damit."
!insertmacro words TELL_BLOCK "For administrators: rules of Windows' firewall that block every connection of this version, in both directions." "Für Administratoren: Regeln der Windows-Firewall, die jede Verbindung dieser Version sperren, in beide Richtungen."
!insertmacro words MODEL_FILE "GGUF model" "GGUF-Modell"
!insertmacro words UPDATE_FILE "Pitcher update" "Pitcher-Aktualisierung"
!insertmacro words MENU_TELLS "Chat with a language model that runs on this computer" "Mit einem Sprachmodell chatten, das auf diesem Computer läuft"

; One sentence and the end; exit code 2 is a failure's. A silent one says nothing.
!macro refuse WORDS
  MessageBox MB_OK|MB_ICONSTOP "${WORDS}" /SD IDOK
  SetErrorLevel 2
  Quit
!macroend

; A program that runs can't be opened for writing. Left in $0: 1 where one of any version does.
!macro define_is_open UN
Function ${UN}IsOpen
  StrCpy $0 0
  ClearErrors
  FindFirst $1 $2 "$INSTDIR\versions\*"
  ${DoUntil} ${Errors}
    ${IfNot} $2 == "."
    ${AndIfNot} $2 == ".."
      ${For} $4 1 2
        StrCpy $5 "$INSTDIR\versions\$2\pitcher.exe"
        ${If} $4 = 2
          StrCpy $5 "$INSTDIR\versions\$2\pitcher-cli.exe"
        ${EndIf}
        ${If} ${FileExists} "$5"
          ClearErrors
          FileOpen $3 "$5" a
          ${If} ${Errors}
            StrCpy $0 1
          ${Else}
            FileClose $3
          ${EndIf}
        ${EndIf}
      ${Next}
    ${EndIf}
    ClearErrors
    FindNext $1 $2
  ${Loop}
  FindClose $1
  ClearErrors
FunctionEnd
!macroend
!insertmacro define_is_open ""
!insertmacro define_is_open "un."

; The first line of a file of the folder is left in $0; empty where there is none.
Function ReadLine
  StrCpy $0 ""
  ClearErrors
  FileOpen $1 "$INSTDIR\$2" r
  ${IfNot} ${Errors}
    FileRead $1 $0
    FileClose $1
  ${EndIf}
  ${Do}
    StrCpy $1 $0 1 -1
    ${If} $1 == "$\n"
    ${OrIf} $1 == "$\r"
      StrCpy $0 $0 -1
    ${Else}
      ${ExitDo}
    ${EndIf}
  ${Loop}
  ClearErrors
FunctionEnd

Function ReadCurrent
  StrCpy $2 "current"
  Call ReadLine
  StrCpy $current ""
  ${If} $0 != ""
  ${AndIf} ${FileExists} "$INSTDIR\versions\$0\pitcher.exe"
    StrCpy $current $0
  ${EndIf}
FunctionEnd

; 0.10.0 is later than 0.9.0, and with a z at its end 0.2.0z than 0.2.0rc1z.
Function RefuseLater
  ${If} $current != ""
  ${AndIf} $allowDowngrade != 1
    StrCpy $0 "${VERSION}z"
    StrCpy $1 "z"
    StrCpy $1 "$current$1"
    System::Call 'shlwapi::StrCmpLogicalW(w r0, w r1) i.r2'
    ${If} $2 < 0
      !insertmacro refuse "$(IS_LATER)"
    ${EndIf}
  ${EndIf}
FunctionEnd

; The line $3 becomes the file $2, whole or not at all.
Function WriteLine
  ClearErrors
  FileOpen $1 "$INSTDIR\.$2.new" w
  ${IfNot} ${Errors}
    ${If} $3 != ""
      FileWrite $1 "$3$\n"
    ${EndIf}
    FileClose $1
    System::Call 'kernel32::MoveFileExW(w "$INSTDIR\.$2.new", w "$INSTDIR\$2", i ${MOVE_OVER_AND_FLUSH}) i.r4'
    ${If} $4 = 0
      SetErrors
    ${EndIf}
  ${EndIf}
  ${If} ${Errors}
    !insertmacro refuse "$(NOT_WRITTEN)"
  ${EndIf}
FunctionEnd

Section "$(PART_PROGRAM)" program
  SectionIn RO
  Call IsOpen
  ${If} $0 = 1
    !insertmacro refuse "$(IS_OPEN)"
  ${EndIf}
  Call ReadCurrent
  Call RefuseLater
  ; A version whose files are half there has no name yet, so nothing starts it.
  RMDir /r "$INSTDIR\versions\.${VERSION}.new"
  ClearErrors
  SetOutPath "$INSTDIR\versions\.${VERSION}.new"
  ${If} ${Errors}
    !insertmacro refuse "$(NOT_WRITTEN)"
  ${EndIf}
  File /r "${TREE}/*.*"
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\versions\${VERSION}"
  ClearErrors
  Rename "$INSTDIR\versions\.${VERSION}.new" "$INSTDIR\versions\${VERSION}"
  ${If} ${Errors}
    !insertmacro refuse "$(IS_OPEN)"
  ${EndIf}
  File "${PARTS}/pitcher.exe"
  File "${PARTS}/pitcher-cli.exe"
  File "${PARTS}/block-network.ps1"
  File "${PARTS}/LICENSE"
  File "${PARTS}/NOTICE"
  Call NameVersion
  WriteUninstaller "$INSTDIR\uninstall.exe"
  Call Register
SectionEnd

; What was there stays to go back to until the new version has started (app/updates).
Function NameVersion
  StrCpy $2 "previous"
  Call ReadLine
  ${If} $current != ""
  ${AndIf} $current != "${VERSION}"
    StrCpy $3 $current
    ; One that never started is not what is gone back to, while there is one that did.
    ${If} ${FileExists} "$INSTDIR\tries"
    ${AndIf} $0 != ""
    ${AndIf} $0 != "${VERSION}"
    ${AndIf} ${FileExists} "$INSTDIR\versions\$0\pitcher.exe"
      StrCpy $3 $0
    ${EndIf}
    StrCpy $2 "previous"
    Call WriteLine
    StrCpy $3 ""
    StrCpy $2 "tries"
    Call WriteLine
  ${Else}
    Delete "$INSTDIR\tries"
  ${EndIf}
  Delete "$INSTDIR\fell-back"
  StrCpy $3 "${VERSION}"
  StrCpy $2 "current"
  Call WriteLine
FunctionEnd

Function Register
  CreateShortcut "$SMPROGRAMS\Pitcher.lnk" "$INSTDIR\pitcher.exe" "" "$INSTDIR\pitcher.exe" 0 SW_SHOWNORMAL "" "$(MENU_TELLS)"
  WriteRegStr HKCU "${KEY_UNINSTALL}" "DisplayName" "Pitcher"
  WriteRegStr HKCU "${KEY_UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY_UNINSTALL}" "DisplayIcon" '"$INSTDIR\pitcher.exe",0'
  WriteRegStr HKCU "${KEY_UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY_UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY_UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY_UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY_UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${KEY_UNINSTALL}" "EstimatedSize" $0
  WriteRegStr HKCU "${KEY_PATHS}" "" "$INSTDIR\pitcher.exe"
  ; Models: one more program to open them with, never instead of the user's own choice.
  WriteRegStr HKCU "${KEY_CLASSES}\Pitcher.Model" "" "$(MODEL_FILE)"
  WriteRegStr HKCU "${KEY_CLASSES}\Pitcher.Model\shell\open\command" "" '"$INSTDIR\pitcher.exe" "%1"'
  WriteRegStr HKCU "${KEY_CLASSES}\.gguf\OpenWithProgids" "Pitcher.Model" ""
  WriteRegStr HKCU "${KEY_CLASSES}\Pitcher.Update" "" "$(UPDATE_FILE)"
  WriteRegStr HKCU "${KEY_CLASSES}\Pitcher.Update\DefaultIcon" "" '"$INSTDIR\pitcher.exe",0'
  WriteRegStr HKCU "${KEY_CLASSES}\Pitcher.Update\shell\open\command" "" '"$INSTDIR\pitcher.exe" "%1"'
  WriteRegStr HKCU "${KEY_CLASSES}\.pitcher-update" "" "Pitcher.Update"
  System::Call 'shell32::SHChangeNotify(i ${SHELL_ASSOCIATIONS_CHANGED}, i 0, p 0, p 0)'
FunctionEnd

Section /o "$(PART_BLOCK)" block
  nsExec::ExecToLog '"$SYSDIR\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\block-network.ps1"'
  Pop $0
  ${If} $0 != 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(NOT_BLOCKED)" /SD IDOK
    SetErrorLevel 3
  ${EndIf}
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${program} "$(TELL_PROGRAM)"
  !insertmacro MUI_DESCRIPTION_TEXT ${block} "$(TELL_BLOCK)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    !insertmacro refuse "$(SYSTEM_IS_OLD)"
  ${EndIf}
  SetShellVarContext current
  StrCpy $0 $INSTDIR 2
  ${If} $0 == "\\"
    !insertmacro refuse "$(TO_SHARE)"
  ${EndIf}
  ${GetParameters} $0
  StrCpy $allowDowngrade 0
  ClearErrors
  ${GetOptions} $0 "/ALLOWDOWNGRADE" $1
  ${IfNot} ${Errors}
    StrCpy $allowDowngrade 1
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/BLOCKNETWORK" $1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${block}
  ${EndIf}
  ; Without an administrator's rights there is nothing to offer.
  System::Call 'shell32::IsUserAnAdmin() i.r0'
  ${If} $0 = 0
    !insertmacro UnselectSection ${block}
    SectionSetText ${block} ""
  ${EndIf}
FunctionEnd

Function .onVerifyInstDir
  StrCpy $0 $INSTDIR 2
  ${If} $0 == "\\"
    Abort
  ${EndIf}
FunctionEnd

Function un.onInit
  SetShellVarContext current
  ${IfNot} ${FileExists} "$INSTDIR\current"
  ${OrIfNot} ${FileExists} "$INSTDIR\versions\*"
    !insertmacro refuse "$(NO_FOLDER_OF_OURS)"
  ${EndIf}
FunctionEnd

Section "Uninstall"
  Call un.IsOpen
  ${If} $0 = 1
    !insertmacro refuse "$(IS_OPEN)"
  ${EndIf}
  System::Call 'shell32::IsUserAnAdmin() i.r0'
  ${If} $0 <> 0
    nsExec::ExecToLog '"$SYSDIR\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\block-network.ps1" -Remove'
    Pop $0
  ${EndIf}
  ; What is ours, by its name: whatever else lies in the folder stays.
  RMDir /r "$INSTDIR\versions"
  Delete "$INSTDIR\pitcher.exe"
  Delete "$INSTDIR\pitcher-cli.exe"
  Delete "$INSTDIR\block-network.ps1"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\NOTICE"
  Delete "$INSTDIR\previous"
  Delete "$INSTDIR\tries"
  Delete "$INSTDIR\fell-back"
  Delete "$INSTDIR\.*.new"
  Delete "$SMPROGRAMS\Pitcher.lnk"
  DeleteRegKey HKCU "${KEY_CLASSES}\Pitcher.Model"
  DeleteRegKey HKCU "${KEY_CLASSES}\Pitcher.Update"
  DeleteRegValue HKCU "${KEY_CLASSES}\.gguf\OpenWithProgids" "Pitcher.Model"
  DeleteRegKey /ifempty HKCU "${KEY_CLASSES}\.gguf\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${KEY_CLASSES}\.gguf"
  DeleteRegKey HKCU "${KEY_CLASSES}\.pitcher-update"
  DeleteRegKey HKCU "${KEY_PATHS}"
  ; Last of all: a removal that was cut short is completed by the next one.
  Delete "$INSTDIR\current"
  Delete "$INSTDIR\uninstall.exe"
  DeleteRegKey HKCU "${KEY_UNINSTALL}"
  RMDir "$INSTDIR"
  System::Call 'shell32::SHChangeNotify(i ${SHELL_ASSOCIATIONS_CHANGED}, i 0, p 0, p 0)'
  DetailPrint "$(KEPT)"
SectionEnd
