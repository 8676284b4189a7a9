<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AnswerControls</name>
    <message>
        <source>System prompt</source>
        <translation>Systemanweisung</translation>
    </message>
    <message>
        <source>Too long for this field: {count} characters. Nothing was changed.</source>
        <translation>Zu lang für dieses Feld: {count} Zeichen. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Too long to be edited here: {count} characters. The model is told all of them. Delete takes them away.</source>
        <translation>Zu lang, um hier bearbeitet zu werden: {count} Zeichen. Das Modell erhält alle. „Entf“ nimmt sie weg.</translation>
    </message>
    <message>
        <source>What the model is told before the first message</source>
        <translation>Was dem Modell vor der ersten Nachricht gesagt wird</translation>
    </message>
</context>
<context>
    <name>AnswerFoot</name>
    <message>
        <source>Copy answer</source>
        <translation>Antwort kopieren</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Neu antworten</translation>
    </message>
    <message>
        <source>More for this answer</source>
        <translation>Mehr zu dieser Antwort</translation>
    </message>
    <message>
        <source>How this answer was made</source>
        <translation>Wie diese Antwort entstand</translation>
    </message>
    <message>
        <source>{what}   {seconds} s</source>
        <translation>{what}   {seconds} s</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Liest</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>Antwortet</translation>
    </message>
    <message>
        <source>The context is full. The answer ends here.</source>
        <translation>Der Kontext ist voll. Die Antwort endet hier.</translation>
    </message>
    <message>
        <source>It is as long as answers may be. It can go on.</source>
        <translation>Die Antwort hat die eingestellte Länge. Sie lässt sich fortsetzen.</translation>
    </message>
    <message>
        <source>Not answered.</source>
        <translation>Nicht beantwortet.</translation>
    </message>
    <message>
        <source>Reading {done} of {total} tokens</source>
        <translation>Liest {done} von {total} Tokens</translation>
    </message>
    <message>
        <source>{speed} tokens/s</source>
        <translation>{speed} Tokens/s</translation>
    </message>
    <message>
        <source>1 token</source>
        <translation>1 Token</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} Tokens</translation>
    </message>
    <message>
        <source>Answered without the first message.</source>
        <translation>Beantwortet ohne die erste Nachricht.</translation>
    </message>
    <message>
        <source>Answered without the first {count} messages.</source>
        <translation>Beantwortet ohne die ersten {count} Nachrichten.</translation>
    </message>
    <message>
        <source>Stopped. The answer so far is kept.</source>
        <translation>Angehalten. Die Antwort bis hierher bleibt erhalten.</translation>
    </message>
    <message>
        <source>Stopped before the answer began.</source>
        <translation>Angehalten, bevor die Antwort begann.</translation>
    </message>
</context>
<context>
    <name>AnswerNowButton</name>
    <message>
        <source>Answer now</source>
        <translation>Jetzt antworten</translation>
    </message>
    <message>
        <source>End the thoughts and go on to the answer</source>
        <translation>Die Gedanken beenden und antworten</translation>
    </message>
</context>
<context>
    <name>AnswerReader</name>
    <message>
        <source>Answers cannot be shown.</source>
        <translation>Antworten lassen sich nicht anzeigen.</translation>
    </message>
    <message>
        <source>An answer can’t be shown.</source>
        <translation>Eine Antwort lässt sich nicht anzeigen.</translation>
    </message>
    <message>
        <source>An answer could not be laid out: it is shown as it was written.</source>
        <translation>Eine Antwort ließ sich nicht setzen: Sie steht da, wie sie geschrieben wurde.</translation>
    </message>
</context>
<context>
    <name>Answerer</name>
    <message>
        <source>No model is loaded, so nothing was sent. Your text is kept.</source>
        <translation>Es ist kein Modell geladen, also wurde nichts gesendet. Der Text bleibt erhalten.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
</context>
<context>
    <name>Answering</name>
    <message>
        <source>Continue on the processor</source>
        <translation>Auf dem Prozessor fortsetzen</translation>
    </message>
</context>
<context>
    <name>AppMenu</name>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Send with</source>
        <translation>Senden mit</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>Bewegung verringern</translation>
    </message>
    <message>
        <source>Models…	Ctrl+Shift+M</source>
        <translation>Modelle…	Strg+Umschalt+M</translation>
    </message>
    <message>
        <source>Settings…	Ctrl+,</source>
        <translation>Einstellungen…	Strg+,</translation>
    </message>
    <message>
        <source>Sidebar	Ctrl+B</source>
        <translation>Seitenleiste	Strg+B</translation>
    </message>
    <message>
        <source>Help	F1</source>
        <translation>Hilfe	F1</translation>
    </message>
    <message>
        <source>Export diagnostics…</source>
        <translation>Diagnose exportieren…</translation>
    </message>
    <message>
        <source>Quit	Ctrl+Q</source>
        <translation>Beenden	Strg+Q</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>Verlauf…</translation>
    </message>
    <message>
        <source>Open the history</source>
        <translation>Verlauf öffnen</translation>
    </message>
    <message>
        <source>Lock now	Ctrl+L</source>
        <translation>Jetzt sperren	Strg+L</translation>
    </message>
</context>
<context>
    <name>Asking</name>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>{error} Nothing was sent; your text is kept below.</source>
        <translation>{error} Nichts wurde gesendet; der Text steht noch unten.</translation>
    </message>
</context>
<context>
    <name>Attach</name>
    <message>
        <source>{count} B</source>
        <translation>{count} B</translation>
    </message>
    <message>
        <source>{count} kB</source>
        <translation>{count} kB</translation>
    </message>
    <message>
        <source>{count} MB</source>
        <translation>{count} MB</translation>
    </message>
    <message>
        <source>A message takes {count} files. The others were not attached.</source>
        <translation>Eine Nachricht fasst {count} Dateien. Die übrigen wurden nicht angehängt.</translation>
    </message>
    <message>
        <source>“{name}” is no longer there. Nothing was attached.</source>
        <translation>„{name}“ ist nicht mehr da. Nichts wurde angehängt.</translation>
    </message>
    <message>
        <source>“{name}” is a folder. Attach the files in it.</source>
        <translation>„{name}“ ist ein Ordner. Anhängen lassen sich die Dateien darin.</translation>
    </message>
    <message>
        <source>“{name}” is a device or a pipe, not a file.</source>
        <translation>„{name}“ ist ein Gerät oder eine Pipe, keine Datei.</translation>
    </message>
    <message>
        <source>“{name}” is too large. Files up to {limit} can be read.</source>
        <translation>„{name}“ ist zu groß. Dateien bis {limit} lassen sich lesen.</translation>
    </message>
    <message>
        <source>“{name}” is empty. There is nothing to attach.</source>
        <translation>„{name}“ ist leer. Es gibt nichts anzuhängen.</translation>
    </message>
    <message>
        <source>“{name}” is not a text file. Only text can be attached.</source>
        <translation>„{name}“ ist keine Textdatei. Nur Text lässt sich anhängen.</translation>
    </message>
    <message>
        <source>“{name}” can’t be read: {reason}. Nothing was attached.</source>
        <translation>„{name}“ ist nicht lesbar: {reason}. Nichts wurde angehängt.</translation>
    </message>
</context>
<context>
    <name>AttachDialog</name>
    <message>
        <source>Attach text files</source>
        <translation>Textdateien anhängen</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>Anhängen</translation>
    </message>
</context>
<context>
    <name>AttachedChip</name>
    <message>
        <source>Remove {name}</source>
        <translation>{name} entfernen</translation>
    </message>
    <message>
        <source>{size} · {tokens}</source>
        <translation>{size} · {tokens}</translation>
    </message>
</context>
<context>
    <name>AttachedRow</name>
    <message>
        <source>Attached files</source>
        <translation>Angehängte Dateien</translation>
    </message>
</context>
<context>
    <name>Attaching</name>
    <message>
        <source>The text is too large: {size}. Up to {limit} can be attached.</source>
        <translation>Der Text ist zu groß: {size}. Bis {limit} lässt sich anhängen.</translation>
    </message>
    <message>
        <source>Pasted text.txt</source>
        <translation>Eingefügter Text.txt</translation>
    </message>
    <message>
        <source>Insert as text</source>
        <translation>Als Text einfügen</translation>
    </message>
    <message>
        <source>Pasted as a file: it is long.</source>
        <translation>Als Datei eingefügt: Der Text ist lang.</translation>
    </message>
    <message>
        <source>Nothing was attached. {error}</source>
        <translation>Nichts wurde angehängt. {error}</translation>
    </message>
</context>
<context>
    <name>AttemptRow</name>
    <message>
        <source>Refused</source>
        <translation>Verweigert</translation>
    </message>
    <message>
        <source>Not refused</source>
        <translation>Nicht verweigert</translation>
    </message>
</context>
<context>
    <name>AttemptsCard</name>
    <message>
        <source>Ways out that were tried</source>
        <translation>Wege nach draußen, die versucht wurden</translation>
    </message>
    <message>
        <source>Every other way from this window</source>
        <translation>Jeder andere Weg aus diesem Fenster</translation>
    </message>
    <message>
        <source>The same from a thread of this window</source>
        <translation>Dasselbe aus einem Thread dieses Fensters</translation>
    </message>
    <message>
        <source>The same from a child process</source>
        <translation>Dasselbe aus einem Kindprozess</translation>
    </message>
    <message>
        <source>{refused} of {total}</source>
        <translation>{refused} von {total}</translation>
    </message>
    <message>
        <source>{refused} of {total} refused</source>
        <translation>{refused} von {total} verweigert</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>Weniger zeigen</translation>
    </message>
    <message>
        <source>Show all {count}</source>
        <translation>Alle {count} zeigen</translation>
    </message>
</context>
<context>
    <name>BackupSection</name>
    <message>
        <source>Backups</source>
        <translation>Sicherungen</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>Jetzt sichern</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>Jetzt prüfen</translation>
    </message>
    <message>
        <source>Read every byte of the chats and their backups</source>
        <translation>Jedes Byte der Chats und ihrer Sicherungen lesen</translation>
    </message>
    <message>
        <source>One is made each day. They are encrypted, and lie beside the chats.</source>
        <translation>Jeden Tag entsteht eine. Sie sind verschlüsselt und liegen neben den Chats.</translation>
    </message>
    <message>
        <source>No backups yet.</source>
        <translation>Noch keine Sicherungen.</translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>Wiederherstellen…</translation>
    </message>
    <message>
        <source>Restore the backup of {when}</source>
        <translation>Sicherung wiederherstellen: {when}</translation>
    </message>
    <message>
        <source>Restore this backup?</source>
        <translation>Diese Sicherung wiederherstellen?</translation>
    </message>
    <message>
        <source>The backup of {when} takes the place of the present chats. What was written since is set aside in the history’s folder, not deleted.</source>
        <translation>Die Sicherung ({when}) tritt an die Stelle der jetzigen Chats. Was seither geschrieben wurde, wird im Ordner des Verlaufs beiseitegelegt, nicht gelöscht.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Backed up: {size}.</source>
        <translation>Gesichert: {size}.</translation>
    </message>
    <message>
        <source>Backing up</source>
        <translation>Sichert</translation>
    </message>
    <message>
        <source>All of it, backups too, is as it was written.</source>
        <translation>Alles ist, wie es geschrieben wurde, auch die Sicherungen.</translation>
    </message>
    <message>
        <source>Reading every byte</source>
        <translation>Liest jedes Byte</translation>
    </message>
</context>
<context>
    <name>BranchWalk</name>
    <message>
        <source>Previous version</source>
        <translation>Vorige Fassung</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Nächste Fassung</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} von {count}</translation>
    </message>
    <message>
        <source>Version {words}</source>
        <translation>Fassung {words}</translation>
    </message>
</context>
<context>
    <name>Branching</name>
    <message>
        <source>Nothing changed.</source>
        <translation>Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>{error} What was there before is still there.</source>
        <translation>{error} Was vorher da war, ist noch da.</translation>
    </message>
</context>
<context>
    <name>BundleImport</name>
    <message>
        <source>Nothing was imported.</source>
        <translation>Nichts wurde importiert.</translation>
    </message>
    <message>
        <source>Importing {model}</source>
        <translation>{model} wird importiert</translation>
    </message>
    <message>
        <source>{model} was imported: every byte is as it was signed. A report lies beside it.</source>
        <translation>{model} wurde importiert: Jedes Byte ist, wie es signiert wurde. Ein Bericht liegt daneben.</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
</context>
<context>
    <name>BundleMadeDialog</name>
    <message>
        <source>The bundle is made</source>
        <translation>Das Paket ist fertig</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>It is signed with this computer’s key. Tell its fingerprint to whoever imports the bundle, by another way than the stick:</source>
        <translation>Es ist mit dem Schlüssel dieses Computers signiert. Den Fingerabdruck auf einem anderen Weg als dem Stick mitteilen, wem das Paket gilt:</translation>
    </message>
    <message>
        <source>Copy the fingerprint</source>
        <translation>Fingerabdruck kopieren</translation>
    </message>
</context>
<context>
    <name>ChatController</name>
    <message>
        <source>The settings hold, but are not stored.</source>
        <translation>Die Einstellungen gelten, sind aber nicht gespeichert.</translation>
    </message>
</context>
<context>
    <name>ChatListBar</name>
    <message>
        <source>Pin</source>
        <translation>Anheften</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Unmark all</source>
        <translation>Markierung aufheben</translation>
    </message>
    <message>
        <source>Export (off)</source>
        <translation>Exportieren (aus)</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Marked: {count}</source>
        <translation>Markiert: {count}</translation>
    </message>
    <message>
        <source>No chat is marked any more.</source>
        <translation>Kein Chat ist mehr markiert.</translation>
    </message>
</context>
<context>
    <name>ChatListModel</name>
    <message>
        <source>Untitled chat</source>
        <translation>Chat ohne Titel</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>Angeheftet</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Previous 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
</context>
<context>
    <name>ChatListView</name>
    <message>
        <source>Chats</source>
        <translation>Chats</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Anheften</translation>
    </message>
    <message>
        <source>Rename	F2</source>
        <translation>Umbenennen	F2</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Delete	Del</source>
        <translation>Löschen	Entf</translation>
    </message>
    <message>
        <source>Pin {count} chats</source>
        <translation>{count} Chats anheften</translation>
    </message>
    <message>
        <source>Unpin {count} chats</source>
        <translation>{count} Chats lösen</translation>
    </message>
    <message>
        <source>Export {count} chats…</source>
        <translation>{count} Chats exportieren…</translation>
    </message>
    <message>
        <source>Delete {count} chats	Del</source>
        <translation>{count} Chats löschen	Entf</translation>
    </message>
    <message>
        <source>Export (off, set by your organisation)</source>
        <translation>Exportieren (aus, von der Organisation festgelegt)</translation>
    </message>
</context>
<context>
    <name>ChatPage</name>
    <message>
        <source>What made this answer is not recorded.</source>
        <translation>Wie diese Antwort entstand, ist nicht aufgezeichnet.</translation>
    </message>
</context>
<context>
    <name>ChatRowDelegate</name>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
</context>
<context>
    <name>Chats</name>
    <message>
        <source>The chats could not be listed.</source>
        <translation>Die Chats ließen sich nicht auflisten.</translation>
    </message>
    <message>
        <source>The chat was not renamed.</source>
        <translation>Der Chat wurde nicht umbenannt.</translation>
    </message>
    <message>
        <source>The chat was not pinned.</source>
        <translation>Der Chat wurde nicht angeheftet.</translation>
    </message>
    <message>
        <source>The chat is still pinned.</source>
        <translation>Der Chat ist noch angeheftet.</translation>
    </message>
    <message>
        <source>The chat was not deleted.</source>
        <translation>Der Chat wurde nicht gelöscht.</translation>
    </message>
    <message>
        <source>No chat was deleted.</source>
        <translation>Kein Chat wurde gelöscht.</translation>
    </message>
    <message>
        <source>The chat was exported to {file}.</source>
        <translation>Der Chat wurde exportiert: {file}.</translation>
    </message>
    <message>
        <source>The chat was not exported.</source>
        <translation>Der Chat wurde nicht exportiert.</translation>
    </message>
    <message>
        <source>Chats exported to {folder}: {count}.</source>
        <translation>Chats exportiert nach {folder}: {count}.</translation>
    </message>
    <message>
        <source>Not all chats were exported.</source>
        <translation>Nicht alle Chats wurden exportiert.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Chat deleted.</source>
        <translation>Chat gelöscht.</translation>
    </message>
    <message>
        <source>Chats deleted: {count}.</source>
        <translation>Chats gelöscht: {count}.</translation>
    </message>
    <message>
        <source>The history was locked since: the chat is gone.</source>
        <translation>Der Verlauf wurde seither gesperrt: Der Chat ist fort.</translation>
    </message>
    <message>
        <source>The chat was not brought back. {error}</source>
        <translation>Der Chat wurde nicht zurückgeholt. {error}</translation>
    </message>
    <message>
        <source>The chats were not brought back. {error}</source>
        <translation>Die Chats wurden nicht zurückgeholt. {error}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>No chats yet. Write below; what you type stays on this computer.</source>
        <translation>Noch keine Chats. Geschrieben wird unten; alles bleibt auf diesem Computer.</translation>
    </message>
    <message>
        <source>Chats are temporary here: nothing of them is stored.</source>
        <translation>Chats sind hier temporär: Nichts davon wird gespeichert.</translation>
    </message>
</context>
<context>
    <name>Classification</name>
    <message>
        <source>Classification: {words}</source>
        <translation>Einstufung: {words}</translation>
    </message>
</context>
<context>
    <name>CodeHead</name>
    <message>
        <source>Wrap lines</source>
        <translation>Zeilen umbrechen</translation>
    </message>
</context>
<context>
    <name>CodeView</name>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Code, {language}</source>
        <translation>Code, {language}</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>Dateien anhängen</translation>
    </message>
    <message>
        <source>Temporary</source>
        <translation>Temporär</translation>
    </message>
    <message>
        <source>Ask something about what is attached.</source>
        <translation>Eine Frage zu den Anhängen stellen.</translation>
    </message>
</context>
<context>
    <name>ComposerDesk</name>
    <message>
        <source>{name} is attached.</source>
        <translation>{name} ist angehängt.</translation>
    </message>
</context>
<context>
    <name>ContestedDialog</name>
    <message>
        <source>This bundle of {model} is an older one</source>
        <translation>Dieses Paket von {model} ist ein älteres</translation>
    </message>
    <message>
        <source>This bundle of {model} is signed by another key</source>
        <translation>Dieses Paket von {model} ist mit einem anderen Schlüssel signiert</translation>
    </message>
    <message>
        <source>This bundle of {model} is older, and signed by another key</source>
        <translation>Dieses Paket von {model} ist älter und mit einem anderen Schlüssel signiert</translation>
    </message>
    <message>
        <source>Import all the same</source>
        <translation>Trotzdem importieren</translation>
    </message>
    <message>
        <source>Installed now</source>
        <translation>Jetzt installiert</translation>
    </message>
    <message>
        <source>Installed before</source>
        <translation>Früher installiert</translation>
    </message>
    <message>
        <source>This bundle</source>
        <translation>Dieses Paket</translation>
    </message>
    <message>
        <source>A later one, made {moment}, is or was installed here. An older one brings back what its maker has mended since.</source>
        <translation>Ein späteres, erstellt am {moment}, ist oder war hier installiert. Ein älteres bringt zurück, was seither behoben wurde.</translation>
    </message>
    <message>
        <source>If its maker did not tell you of a new key, somebody else may have made this bundle: ask them before it takes the place of what is installed.</source>
        <translation>Hat der Absender keinen neuen Schlüssel angekündigt, kann das Paket von jemand anderem stammen: dort nachfragen, bevor es das installierte Modell ersetzt.</translation>
    </message>
    <message>
        <source>Made {moment}, signed by {signer}</source>
        <translation>Erstellt am {moment}, Signatur: {signer}</translation>
    </message>
    <message>
        <source>a key that is not trusted here</source>
        <translation>ein Schlüssel, dem hier nicht vertraut wird</translation>
    </message>
</context>
<context>
    <name>ContextMeter</name>
    <message>
        <source>about {used} tokens</source>
        <translation>etwa {used} Tokens</translation>
    </message>
    <message>
        <source>about {used} of {total}</source>
        <translation>etwa {used} von {total}</translation>
    </message>
    <message>
        <source>{used} of {total}</source>
        <translation>{used} von {total}</translation>
    </message>
    <message>
        <source>Context: about {used} tokens</source>
        <translation>Kontext: etwa {used} Tokens</translation>
    </message>
    <message>
        <source>Context: {used} of {total} tokens</source>
        <translation>Kontext: {used} von {total} Tokens</translation>
    </message>
    <message>
        <source>Context: about {used} of {total} tokens</source>
        <translation>Kontext: etwa {used} von {total} Tokens</translation>
    </message>
    <message>
        <source>Kept free for the answer: {tokens}</source>
        <translation>Frei gehalten für die Antwort: {tokens}</translation>
    </message>
</context>
<context>
    <name>ContextPopover</name>
    <message>
        <source>Context: {words}</source>
        <translation>Kontext: {words}</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Kept free for the answer</source>
        <translation>Frei gehalten für die Antwort</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
</context>
<context>
    <name>ContextWatch</name>
    <message>
        <source>{count} tokens</source>
        <translation>{count} Tokens</translation>
    </message>
    <message>
        <source>about {count} tokens</source>
        <translation>etwa {count} Tokens</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Systemanweisung</translation>
    </message>
    <message>
        <source>This conversation</source>
        <translation>Dieses Gespräch</translation>
    </message>
    <message>
        <source>Attached files</source>
        <translation>Angehängte Dateien</translation>
    </message>
    <message>
        <source>Your question</source>
        <translation>Eigene Frage</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>Chat-Vorlage</translation>
    </message>
    <message>
        <source>This answer</source>
        <translation>Diese Antwort</translation>
    </message>
    <message>
        <source>What you are writing</source>
        <translation>Was gerade geschrieben wird</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copy code</source>
        <translation>Code kopieren</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>Deleting</name>
    <message>
        <source>Nothing was deleted.</source>
        <translation>Nichts wurde gelöscht.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Deleted.</source>
        <translation>Gelöscht.</translation>
    </message>
    <message>
        <source>The history was locked since: what was deleted is gone.</source>
        <translation>Der Verlauf wurde seither gesperrt: Gelöschtes ist fort.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>What was deleted was not brought back.</source>
        <translation>Gelöschtes wurde nicht zurückgeholt.</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Model file (SHA-256)</source>
        <translation>Modelldatei (SHA-256)</translation>
    </message>
    <message>
        <source>Prepared weights (SHA-256)</source>
        <translation>Vorbereitete Gewichte (SHA-256)</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>Architektur</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>Chat template (SHA-256)</source>
        <translation>Chat-Vorlage (SHA-256)</translation>
    </message>
    <message>
        <source>Engine version</source>
        <translation>Version der Engine</translation>
    </message>
    <message>
        <source>Compute path</source>
        <translation>Rechenweg</translation>
    </message>
    <message>
        <source>Kernels</source>
        <translation>Rechenkerne</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Repeat penalty</source>
        <translation>Strafe für Wiederholung</translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation>Strafe für Vorhandenes</translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation>Strafe für Häufiges</translation>
    </message>
    <message>
        <source>Tokens that penalties look at</source>
        <translation>Tokens, auf die Strafen sehen</translation>
    </message>
    <message>
        <source>Longest answer, in tokens</source>
        <translation>Längste Antwort, in Tokens</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>Denken</translation>
    </message>
    <message>
        <source>Longest thoughts, in tokens</source>
        <translation>Längste Gedanken, in Tokens</translation>
    </message>
    <message>
        <source>Earlier thoughts read again</source>
        <translation>Frühere Gedanken erneut gelesen</translation>
    </message>
    <message>
        <source>System prompt (SHA-256)</source>
        <translation>Systemanweisung (SHA-256)</translation>
    </message>
    <message>
        <source>Tokens of the prompt</source>
        <translation>Tokens der Eingabe</translation>
    </message>
    <message>
        <source>Of these, read before</source>
        <translation>Davon schon gelesen</translation>
    </message>
    <message>
        <source>Tokens of the answer</source>
        <translation>Tokens der Antwort</translation>
    </message>
    <message>
        <source>Of these, thoughts</source>
        <translation>Davon Gedanken</translation>
    </message>
    <message>
        <source>Thoughts ended</source>
        <translation>Ende der Gedanken</translation>
    </message>
    <message>
        <source>Time to the first token</source>
        <translation>Zeit bis zum ersten Token</translation>
    </message>
    <message>
        <source>Reading speed</source>
        <translation>Lesegeschwindigkeit</translation>
    </message>
    <message>
        <source>Writing speed</source>
        <translation>Schreibgeschwindigkeit</translation>
    </message>
    <message>
        <source>Most memory used</source>
        <translation>Höchster Speicherbedarf</translation>
    </message>
    <message>
        <source>Ended by</source>
        <translation>Beendet durch</translation>
    </message>
    <message>
        <source>Messages left out</source>
        <translation>Ausgelassene Nachrichten</translation>
    </message>
    <message>
        <source>Written in several goes</source>
        <translation>In mehreren Anläufen geschrieben</translation>
    </message>
    <message>
        <source>Version of this record</source>
        <translation>Version dieser Aufzeichnung</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>{number} tokens/s</source>
        <translation>{number} Tokens/s</translation>
    </message>
    <message>
        <source>{number} ms</source>
        <translation>{number} ms</translation>
    </message>
    <message>
        <source>{number} MB</source>
        <translation>{number} MB</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>length</source>
        <translation>Höchstlänge</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>overflow</source>
        <translation>vollen Kontext</translation>
    </message>
    <message>
        <source>by itself</source>
        <translation>von selbst</translation>
    </message>
    <message>
        <source>budget</source>
        <translation>durch das Budget</translation>
    </message>
    <message>
        <source>answer now</source>
        <translation>durch „Jetzt antworten“</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>abgeschnitten</translation>
    </message>
    <message>
        <source>fast</source>
        <translation>schnell</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>Referenz</translation>
    </message>
</context>
<context>
    <name>DetailsDialog</name>
    <message>
        <source>What made this answer</source>
        <translation>Wie diese Antwort entstand</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Replay asks the same once more, with the same settings and seed.</source>
        <translation>Wiederholen fragt dasselbe noch einmal, mit gleichen Einstellungen und gleichem Startwert.</translation>
    </message>
    <message>
        <source>Not enough is recorded to replay this answer.</source>
        <translation>Für eine Wiederholung dieser Antwort ist zu wenig aufgezeichnet.</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Collecting…</source>
        <translation>Wird gesammelt…</translation>
    </message>
    <message>
        <source>The diagnostics</source>
        <translation>Die Diagnose</translation>
    </message>
    <message>
        <source>For support or an auditor. This is the whole file. It has only numbers, switches, dates, versions, hashes and words that the program itself declares. Chat text, titles, names of files and paths cannot get into it.</source>
        <translation>Für den Support oder einen Prüfer. Das ist die ganze Datei. Sie enthält nur Zahlen, Schalter, Zeitpunkte, Versionen, Hashwerte und Wörter, die das Programm selbst festlegt. Text aus Chats, Titel, Dateinamen und Pfade können nicht hineingelangen.</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>Diagnose speichern</translation>
    </message>
    <message>
        <source>Diagnostics (*.json)</source>
        <translation>Diagnose (*.json)</translation>
    </message>
</context>
<context>
    <name>DownloadJourney</name>
    <message>
        <source>{model} is ready.</source>
        <translation>{model} ist bereit.</translation>
    </message>
    <message>
        <source>{model} is here. It is prepared when it is used first.</source>
        <translation>{model} ist da. Es wird bei der ersten Verwendung vorbereitet.</translation>
    </message>
    <message>
        <source>{model} is here.</source>
        <translation>{model} ist da.</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
</context>
<context>
    <name>DownloadsSection</name>
    <message>
        <source>On its way</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>To download</source>
        <translation>Zum Herunterladen</translation>
    </message>
    <message>
        <source>Models to download</source>
        <translation>Modelle zum Herunterladen</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>Alle Modelle</translation>
    </message>
    <message>
        <source>Another repository…</source>
        <translation>Anderes Repository…</translation>
    </message>
    <message>
        <source>Fewer models</source>
        <translation>Weniger Modelle</translation>
    </message>
</context>
<context>
    <name>Drafts</name>
    <message>
        <source>Draft.txt</source>
        <translation>Entwurf.txt</translation>
    </message>
    <message>
        <source>What was typed and attached is not kept.</source>
        <translation>Was geschrieben und angehängt wurde, wird nicht behalten.</translation>
    </message>
    <message>
        <source>What was typed is not kept.</source>
        <translation>Das Geschriebene wird nicht behalten.</translation>
    </message>
    <message>
        <source>A file that was still being read is not attached.</source>
        <translation>Eine Datei, die noch gelesen wurde, ist nicht angehängt.</translation>
    </message>
    <message>
        <source>{error} What you typed is not stored yet.</source>
        <translation>{error} Das Geschriebene ist noch nicht gespeichert.</translation>
    </message>
    <message>
        <source>{error} What you typed and attached is not stored yet.</source>
        <translation>{error} Das Geschriebene und Angehängte ist noch nicht gespeichert.</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop text files here to attach them</source>
        <translation>Textdateien hier ablegen, um sie anzuhängen</translation>
    </message>
    <message>
        <source>They are read once and stay on this computer.</source>
        <translation>Sie werden einmal gelesen und bleiben auf diesem Computer.</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>The model is being loaded</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>You can write already. The answer comes when it is ready.</source>
        <translation>Schreiben ist schon möglich. Die Antwort kommt, wenn das Modell bereit ist.</translation>
    </message>
    <message>
        <source>No model is loaded</source>
        <translation>Kein Modell geladen</translation>
    </message>
    <message>
        <source>Messages stay in the field below until there is one.</source>
        <translation>Nachrichten bleiben im Feld unten, bis es eines gibt.</translation>
    </message>
    <message>
        <source>A small model ({name}, {megabytes} MB) that shows that everything works. Its answers are often wrong.</source>
        <translation>Ein kleines Modell ({name}, {megabytes} MB), das zeigt, dass alles funktioniert. Die Antworten sind oft falsch.</translation>
    </message>
    <message>
        <source>This is the starter model</source>
        <translation>Das ist das Startmodell</translation>
    </message>
    <message>
        <source>{size} parameters, {megabytes} MB, on this computer’s processor.</source>
        <translation>{size} Parameter, {megabytes} MB, auf dem Prozessor dieses Computers.</translation>
    </message>
    <message>
        <source>Nothing of this chat is stored.</source>
        <translation>Nichts aus diesem Chat wird gespeichert.</translation>
    </message>
    <message>
        <source>It is in memory only, and gone when you start another or close.</source>
        <translation>Er liegt nur im Arbeitsspeicher und ist mit dem nächsten Chat oder beim Schließen fort.</translation>
    </message>
    <message>
        <source>New chat that is kept</source>
        <translation>Neuer Chat, der bleibt</translation>
    </message>
    <message>
        <source>Chats are kept, encrypted</source>
        <translation>Chats bleiben, verschlüsselt</translation>
    </message>
    <message>
        <source>Only your key opens them. They stay until you delete them.</source>
        <translation>Nur der eigene Schlüssel öffnet sie. Sie bleiben, bis sie gelöscht werden.</translation>
    </message>
    <message>
        <source>New temporary chat</source>
        <translation>Neuer temporärer Chat</translation>
    </message>
    <message>
        <source>Nothing of it is stored (Ctrl+Shift+N)</source>
        <translation>Nichts davon wird gespeichert (Strg+Umschalt+N)</translation>
    </message>
</context>
<context>
    <name>EngineWorker</name>
    <message>
        <source>No model is loaded.</source>
        <translation>Es ist kein Modell geladen.</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source> What else was newer could not be read.</source>
        <translation> Was sonst neuer war, ließ sich nicht lesen.</translation>
    </message>
    <message>
        <source> What else was there could not be read.</source>
        <translation> Was sonst da war, ließ sich nicht lesen.</translation>
    </message>
    <message>
        <source> {newer:,} newer messages could be read and came along.</source>
        <translation> {newer:,} neuere Nachrichten ließen sich lesen und kamen mit.</translation>
    </message>
    <message>
        <source>; it begins with zeros: the download may not have begun</source>
        <translation>; sie beginnt mit Nullen: Das Herunterladen hat womöglich nicht begonnen</translation>
    </message>
    <message>
        <source>; it is a Git LFS pointer: the model itself was not downloaded</source>
        <translation>; sie ist ein Zeiger von Git LFS: Das Modell selbst wurde nicht heruntergeladen</translation>
    </message>
    <message>
        <source>; it is a web page: the download went to the wrong address</source>
        <translation>; sie ist eine Webseite: Heruntergeladen wurde von der falschen Adresse</translation>
    </message>
    <message>
        <source>; it is an older ggml format</source>
        <translation>; sie hat ein älteres ggml-Format</translation>
    </message>
    <message>
        <source>; it looks like JSON: name the folder it lies in</source>
        <translation>; sie sieht nach JSON aus: Den Ordner nennen, in dem sie liegt</translation>
    </message>
    <message>
        <source>; it looks like a pickle, which may hold code and is never read</source>
        <translation>; sie sieht nach einem Pickle aus, das Code enthalten kann und nie gelesen wird</translation>
    </message>
    <message>
        <source>; it looks like a zip archive or a PyTorch file, which may hold code</source>
        <translation>; sie sieht nach einem ZIP-Archiv oder einer PyTorch-Datei aus, die Code enthalten kann</translation>
    </message>
    <message>
        <source>; it looks like safetensors</source>
        <translation>; sie sieht nach safetensors aus</translation>
    </message>
    <message>
        <source>A Llama 3 model that learned from DeepSeek-R1’s answers; it is not R1 itself. It thinks before it answers: for mathematics, code and questions of several steps.</source>
        <translation>Ein Llama-3-Modell, das aus den Antworten von DeepSeek-R1 gelernt hat; es ist nicht R1 selbst. Es denkt, bevor es antwortet: für Mathematik, Code und Fragen in mehreren Schritten.</translation>
    </message>
    <message>
        <source>A Qwen 2.5 model that learned from DeepSeek-R1’s answers; it is not R1 itself. It thinks before it answers: for mathematics, code and questions of several steps.</source>
        <translation>Ein Qwen-2.5-Modell, das aus den Antworten von DeepSeek-R1 gelernt hat; es ist nicht R1 selbst. Es denkt, bevor es antwortet: für Mathematik, Code und Fragen in mehreren Schritten.</translation>
    </message>
    <message>
        <source>A Qwen 3 model that learned from the answers of R1’s version of May 2025; it is not R1 itself. It thinks long before it answers: the best here for its size in mathematics and code.</source>
        <translation>Ein Qwen-3-Modell, das aus den Antworten der R1-Fassung vom Mai 2025 gelernt hat; es ist nicht R1 selbst. Es denkt lange, bevor es antwortet: in Mathematik und Code das beste hier für seine Größe.</translation>
    </message>
    <message>
        <source>A backup was being restored, and this could not be completed</source>
        <translation>Eine Sicherung wurde gerade wiederhergestellt, und das ließ sich nicht abschließen</translation>
    </message>
    <message>
        <source>A chat in a terminal has this history open. Leave it, then try again.</source>
        <translation>Ein Chat in einem Terminal hat diesen Verlauf offen. Ihn verlassen, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>A download needs a model’s number or a repository’s name.</source>
        <translation>Ein Download braucht die Nummer eines Modells oder den Namen eines Repositorys.</translation>
    </message>
    <message>
        <source>A later bundle of {name} is, or was, installed here. --allow-older takes this one all the same.</source>
        <translation>Ein neueres Paket von {name} ist oder war hier installiert. --allow-older nimmt dieses trotzdem.</translation>
    </message>
    <message>
        <source>A later version of Pitcher wrote this file (format {value}, this one reads up to {version}). Nothing was imported. Update Pitcher, then import it again.</source>
        <translation>Eine spätere Version von Pitcher hat diese Datei geschrieben (Format {value}, diese liest bis {version}). Nichts wurde importiert. Pitcher aktualisieren, dann erneut importieren.</translation>
    </message>
    <message>
        <source>A later version of Pitcher wrote vault.json, which says how the history is locked.</source>
        <translation>Eine spätere Version von Pitcher hat vault.json geschrieben, worin steht, wie der Verlauf gesperrt ist.</translation>
    </message>
    <message>
        <source>A message between Pitcher&apos;s processes broke off.</source>
        <translation>Eine Nachricht zwischen Pitchers Prozessen brach ab.</translation>
    </message>
    <message>
        <source>A message between Pitcher&apos;s processes has {size_bytes:,} bytes; at most {limit_bytes:,} are allowed. Shorten the chat or start a new one.</source>
        <translation>Eine Nachricht zwischen Pitchers Prozessen hat {size_bytes:,} Bytes; höchstens {limit_bytes:,} sind erlaubt. Den Chat kürzen oder einen neuen beginnen.</translation>
    </message>
    <message>
        <source>A message between Pitcher&apos;s processes is not of the agreed form.</source>
        <translation>Eine Nachricht zwischen Pitchers Prozessen hat nicht die vereinbarte Form.</translation>
    </message>
    <message>
        <source>A message between Pitcher’s processes could not be understood.</source>
        <translation>Eine Nachricht zwischen Pitchers Prozessen war nicht zu verstehen.</translation>
    </message>
    <message>
        <source>A message between Pitcher’s processes was too long.</source>
        <translation>Eine Nachricht zwischen Pitchers Prozessen war zu lang.</translation>
    </message>
    <message>
        <source>A message in the history can&apos;t be understood. Nothing was changed; a backup can help.</source>
        <translation>Eine Nachricht im Verlauf ist nicht zu verstehen. Nichts wurde geändert; eine Sicherung kann helfen.</translation>
    </message>
    <message>
        <source>A message of this chat comes before its parent.</source>
        <translation>Eine Nachricht dieses Chats steht vor der, auf die sie folgt.</translation>
    </message>
    <message>
        <source>A mixture of experts with DeepSeek’s latent attention, by another maker. It thinks before it answers: for code, long texts and questions of several steps, at the speed of a small model.</source>
        <translation>Eine Expertenmischung mit DeepSeeks latenter Attention, von einem anderen Hersteller. Sie denkt, bevor sie antwortet: für Code, lange Texte und Fragen in mehreren Schritten, so schnell wie ein kleines Modell.</translation>
    </message>
    <message>
        <source>A note of the history&apos;s upkeep is damaged. Nothing was changed; restore a backup.</source>
        <translation>Eine Notiz zur Pflege des Verlaufs ist beschädigt. Nichts wurde geändert; eine Sicherung wiederherstellen.</translation>
    </message>
    <message>
        <source>A passphrase has at least {minimum_characters} characters; this one has {count}. Nothing was changed.</source>
        <translation>Eine Passphrase hat mindestens {minimum_characters} Zeichen; diese hat {count}. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>A passphrase has at most {maximum_characters:,} characters. Nothing was changed.</source>
        <translation>Eine Passphrase hat höchstens {maximum_characters:,} Zeichen. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>A perplexity window needs at least 4 tokens.</source>
        <translation>Ein Fenster für die Perplexität braucht mindestens 4 Tokens.</translation>
    </message>
    <message>
        <source>A process of its own, started for one download and ended after it.</source>
        <translation>Ein eigener Prozess, für einen Download gestartet und danach beendet.</translation>
    </message>
    <message>
        <source>A small mixture of experts built as DeepSeek-V3 is, by another maker. It answers without thinking: quick for its size; it remembers only 8,192 tokens of a chat.</source>
        <translation>Eine kleine Expertenmischung, gebaut wie DeepSeek-V3, von einem anderen Hersteller. Sie antwortet ohne zu denken: schnell für ihre Größe; von einem Chat behält sie nur 8.192 Tokens.</translation>
    </message>
    <message>
        <source>A small mixture of experts of 2024, by the maker of R1 but no distill of it. It answers without thinking: quick for its size, for plain conversation and texts.</source>
        <translation>Eine kleine Expertenmischung von 2024, vom Hersteller von R1, aber kein Destillat davon. Sie antwortet ohne zu denken: schnell für ihre Größe, für einfache Gespräche und Texte.</translation>
    </message>
    <message>
        <source>A stop string is empty.</source>
        <translation>Ein Stopptext ist leer.</translation>
    </message>
    <message>
        <source>A temporary chat is kept nowhere. Nothing was changed.</source>
        <translation>Ein temporärer Chat wird nirgends aufbewahrt. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>A text of this chat holds half a character, which no file can keep. {target} was not changed.</source>
        <translation>Ein Text dieses Chats enthält ein halbes Zeichen, das keine Datei aufnehmen kann. {target} wurde nicht geändert.</translation>
    </message>
    <message>
        <source>A value is neither a text nor a number</source>
        <translation>Ein Wert ist weder ein Text noch eine Zahl</translation>
    </message>
    <message>
        <source>A value is neither a text nor a number in bounds</source>
        <translation>Ein Wert ist weder ein Text noch eine Zahl in den Grenzen</translation>
    </message>
    <message>
        <source>A weight of the shape {shape} can&apos;t be quantized to {error}.</source>
        <translation>Ein Gewicht der Form {shape} lässt sich nicht quantisieren nach {error}.</translation>
    </message>
    <message>
        <source>A weight of the shape {shape} can&apos;t be stored as {scheme}: a value is not a number, infinite, or too large for it.</source>
        <translation>Ein Gewicht der Form {shape} lässt sich nicht als {scheme} speichern: Ein Wert ist keine Zahl, unendlich oder zu groß dafür.</translation>
    </message>
    <message>
        <source>Another Pitcher has this history open. Close it, then try again.</source>
        <translation>Ein anderes Pitcher hat diesen Verlauf offen. Es schließen, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>Another command is at work on this history. Try again when it has ended.</source>
        <translation>Ein anderer Befehl arbeitet an diesem Verlauf. Erneut versuchen, wenn er beendet ist.</translation>
    </message>
    <message>
        <source>Another process is at work on {name} just now. Wait for it, or stop it.</source>
        <translation>Ein anderer Prozess arbeitet gerade an {name}. Auf ihn warten oder ihn anhalten.</translation>
    </message>
    <message>
        <source>Another program is using the history. Nothing is lost; close it and try again.</source>
        <translation>Ein anderes Programm benutzt den Verlauf. Nichts ist verloren; es schließen und erneut versuchen.</translation>
    </message>
    <message>
        <source>Another user of this computer made this history, and its key is in that user&apos;s keyring.</source>
        <translation>Ein anderer Benutzer dieses Computers hat diesen Verlauf angelegt, und der Schlüssel liegt in dessen Schlüsselbund.</translation>
    </message>
    <message>
        <source>Ask for the list</source>
        <translation>Liste erfragen</translation>
    </message>
    <message>
        <source>Ask for the list of files?</source>
        <translation>Nach der Liste der Dateien fragen?</translation>
    </message>
    <message>
        <source>Asked are</source>
        <translation>Gefragt werden</translation>
    </message>
    <message>
        <source>Asked for are the files listed here, by their names and parts. Sent are these names and what every connection shows: this computer’s address. Nothing of your chats can be sent.</source>
        <translation>Verlangt werden die Dateien, die hier stehen, mit ihren Namen und in Teilen. Gesendet werden diese Namen und was jede Verbindung zeigt: die Adresse dieses Computers. Aus den Chats kann nichts gesendet werden.</translation>
    </message>
    <message>
        <source>Bring the entry back and try again</source>
        <translation>Den Eintrag zurückbringen und erneut versuchen</translation>
    </message>
    <message>
        <source>Bring the right entry back and try again</source>
        <translation>Den richtigen Eintrag zurückbringen und erneut versuchen</translation>
    </message>
    <message>
        <source>Broken pipe</source>
        <translation>Die Gegenseite hat die Verbindung geschlossen</translation>
    </message>
    <message>
        <source>Building the tokenizer</source>
        <translation>Das Bauen des Tokenizers</translation>
    </message>
    <message>
        <source>Building the vocabulary</source>
        <translation>Vokabular wird aufgebaut</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>Kein Speicher mehr frei</translation>
    </message>
    <message>
        <source>Chat {count}</source>
        <translation>Chat Nr. {count}</translation>
    </message>
    <message>
        <source>Chat {number}</source>
        <translation>Chat Nr. {number}</translation>
    </message>
    <message>
        <source>Chats that were deleted for good may still be in backups. {error} Pitcher tries again at its next start.</source>
        <translation>Chats, die endgültig gelöscht wurden, können noch in Sicherungen sein. {error} Pitcher versucht es beim nächsten Start erneut.</translation>
    </message>
    <message>
        <source>Checking a passphrase needs {needed_mb} MB of free memory. Nothing was changed. Close another program and try again.</source>
        <translation>Eine Passphrase zu prüfen braucht {needed_mb} MB freien Speicher. Nichts wurde geändert. Ein anderes Programm schließen und erneut versuchen.</translation>
    </message>
    <message>
        <source>Checking the bundle</source>
        <translation>Paket wird geprüft</translation>
    </message>
    <message>
        <source>Checking what is done</source>
        <translation>Fertiges wird geprüft</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Comparing it with the allowed models ({percent}%)</source>
        <translation>Wird mit den erlaubten Modellen verglichen ({percent} %)</translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>Verbindung abgelehnt</translation>
    </message>
    <message>
        <source>Connection timed out</source>
        <translation>Keine Antwort in der erlaubten Zeit</translation>
    </message>
    <message>
        <source>Copying</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>DeepSeek-R1 itself has 671 billion parameters. No official mixture-of-experts distill of it of desktop size is known: the distills are dense Qwen and Llama models.</source>
        <translation>DeepSeek-R1 selbst hat 671 Milliarden Parameter. Ein offizielles Destillat davon als Expertenmischung in Schreibtischgröße ist nicht bekannt: Die Destillate sind dichte Modelle von Qwen und Llama.</translation>
    </message>
    <message>
        <source>Depth and tokens come to {longest:,}; the model&apos;s context holds {context_tokens:,}.</source>
        <translation>Tiefe und Tokens ergeben {longest:,}; der Kontext des Modells fasst {context_tokens:,}.</translation>
    </message>
    <message>
        <source>Device or resource busy</source>
        <translation>Das Gerät ist gerade belegt</translation>
    </message>
    <message>
        <source>Directory not empty</source>
        <translation>Der Ordner ist nicht leer</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>Der eigene Anteil an der Festplatte ist aufgebraucht</translation>
    </message>
    <message>
        <source>Download these files?</source>
        <translation>Diese Dateien herunterladen?</translation>
    </message>
    <message>
        <source>Download {size}</source>
        <translation>{size} herunterladen</translation>
    </message>
    <message>
        <source>Each connection that it tries is recorded here, allowed or not.</source>
        <translation>Jede Verbindung, die er versucht, wird hier verzeichnet, erlaubt oder nicht.</translation>
    </message>
    <message>
        <source>Encoding the text</source>
        <translation>Das Kodieren des Textes</translation>
    </message>
    <message>
        <source>Exports are off, as set by your organisation in {file}. Nothing was written.</source>
        <translation>Exportieren ist aus, von der Organisation festgelegt in {file}. Nichts wurde geschrieben.</translation>
    </message>
    <message>
        <source>FP8 without weight_block_size does not run here; [128, 128] does</source>
        <translation>FP8 ohne weight_block_size läuft hier nicht; [128, 128] läuft</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>Die Datei gibt es schon</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>Der Dateiname ist zu lang</translation>
    </message>
    <message>
        <source>File too large</source>
        <translation>Die Datei ist zu groß</translation>
    </message>
    <message>
        <source>Free there</source>
        <translation>Dort frei</translation>
    </message>
    <message>
        <source>GGUF {version}</source>
        <translation>GGUF, Version {version}</translation>
    </message>
    <message>
        <source>Goes to</source>
        <translation>Kommt nach</translation>
    </message>
    <message>
        <source>Here already</source>
        <translation>Schon hier</translation>
    </message>
    <message>
        <source>Host is down</source>
        <translation>Der Rechner antwortet nicht</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>Ein- oder Ausgabefehler</translation>
    </message>
    <message>
        <source>Invalid argument</source>
        <translation>Ungültige Angabe</translation>
    </message>
    <message>
        <source>Invalid cross-device link</source>
        <translation>Das Ziel liegt auf einem anderen Datenträger</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>Es ist ein Ordner</translation>
    </message>
    <message>
        <source>It asks you twice in its own window: for the list of files, then for the files.</source>
        <translation>Er fragt zweimal in seinem eigenen Fenster: für die Liste der Dateien, dann für die Dateien.</translation>
    </message>
    <message>
        <source>It asks {mirror}, as set by your organisation.</source>
        <translation>Er fragt {mirror}, wie von der Organisation festgelegt.</translation>
    </message>
    <message>
        <source>It does not hold chats of Pitcher</source>
        <translation>Sie enthält keine Chats von Pitcher</translation>
    </message>
    <message>
        <source>It does not say that it holds chats of Pitcher</source>
        <translation>Sie sagt nicht, dass sie Chats von Pitcher enthält</translation>
    </message>
    <message>
        <source>It fits: it takes {needed:,.1f} GB of the {free:,.1f} GB of memory that are free.</source>
        <translation>Es passt: Es braucht {needed:,.1f} GB der {free:,.1f} GB Arbeitsspeicher, die frei sind.</translation>
    </message>
    <message>
        <source>It goes through {proxy}, as set by your organisation.</source>
        <translation>Er geht über {proxy}, wie von der Organisation festgelegt.</translation>
    </message>
    <message>
        <source>It holds more than {max_chats:,} chats</source>
        <translation>Sie enthält mehr als {max_chats:,} Chats</translation>
    </message>
    <message>
        <source>It holds more than {max_messages:,} messages</source>
        <translation>Sie enthält mehr als {max_messages:,} Nachrichten</translation>
    </message>
    <message>
        <source>It holds more than {max_presets:,} presets</source>
        <translation>Sie enthält mehr als {max_presets:,} Voreinstellungen</translation>
    </message>
    <message>
        <source>It holds more than {max_values:,} parts and values</source>
        <translation>Sie enthält mehr als {max_values:,} Teile und Werte</translation>
    </message>
    <message>
        <source>It is not JSON as Pitcher writes it: {error}</source>
        <translation>Sie ist kein JSON, wie Pitcher es schreibt: {error}</translation>
    </message>
    <message>
        <source>It is not text in UTF-8</source>
        <translation>Sie ist kein Text in UTF-8</translation>
    </message>
    <message>
        <source>It knows no chat. All that reaches it is a model’s number or name, which it shows.</source>
        <translation>Er kennt keinen Chat. Ihn erreicht nur die Nummer oder der Name eines Modells, und den zeigt er.</translation>
    </message>
    <message>
        <source>It was cut off before its end was recorded.</source>
        <translation>Sie brach ab, bevor ihr Ende verzeichnet war.</translation>
    </message>
    <message>
        <source>It would write about {rate:,.0f} tokens a second.</source>
        <translation>Es würde etwa {rate:,.0f} Tokens pro Sekunde schreiben.</translation>
    </message>
    <message>
        <source>It would write about {rate:,.0f} tokens a second: slower than people read.</source>
        <translation>Es würde etwa {rate:,.0f} Tokens pro Sekunde schreiben: langsamer, als man liest.</translation>
    </message>
    <message>
        <source>It would write less than a token a second.</source>
        <translation>Es würde weniger als ein Token pro Sekunde schreiben.</translation>
    </message>
    <message>
        <source>Its key is safe.</source>
        <translation>Der Schlüssel ist sicher.</translation>
    </message>
    <message>
        <source>Its prepared copy can&apos;t be written ({why}).</source>
        <translation>Die vorbereitete Kopie lässt sich nicht schreiben ({why}).</translation>
    </message>
    <message>
        <source>Its preset is not in the file</source>
        <translation>Die Voreinstellung fehlt in der Datei</translation>
    </message>
    <message>
        <source>Its version is not a number</source>
        <translation>Die Version ist keine Zahl</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Log in to the desktop that has it and try again</source>
        <translation>Am Desktop anmelden, der ihn hat, und erneut versuchen</translation>
    </message>
    <message>
        <source>Mapping the weights</source>
        <translation>Gewichte werden eingeblendet</translation>
    </message>
    <message>
        <source>Message {number} answers one that is not there</source>
        <translation>Nachricht {number} antwortet auf eine, die es nicht gibt</translation>
    </message>
    <message>
        <source>Messages answer each other in a ring</source>
        <translation>Nachrichten antworten einander im Kreis</translation>
    </message>
    <message>
        <source>Missing there</source>
        <translation>Dort fehlen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>More came of {file} than it has.</source>
        <translation>Von {file} kam mehr, als die Datei hat.</translation>
    </message>
    <message>
        <source>More than {most:,} places of models can’t be kept.</source>
        <translation>Mehr als {most:,} Orte von Modellen lassen sich nicht merken.</translation>
    </message>
    <message>
        <source>No backup could be opened: each is damaged or under another key. Nothing was changed. Put a copy of a good one into the folder of backups and try again.</source>
        <translation>Keine Sicherung ließ sich öffnen: Jede ist beschädigt oder hat einen anderen Schlüssel. Nichts wurde geändert. Die Kopie einer guten in den Ordner der Sicherungen legen und erneut versuchen.</translation>
    </message>
    <message>
        <source>No courier is ever started, as set by your organisation in {file}.</source>
        <translation>Ein Kurier wird nie gestartet, wie von der Organisation in {file} festgelegt.</translation>
    </message>
    <message>
        <source>No courier is started on this system: it could not be held to its task.</source>
        <translation>Auf diesem System wird kein Kurier gestartet: Er ließe sich nicht auf seine Aufgabe beschränken.</translation>
    </message>
    <message>
        <source>No database can be kept in the history&apos;s folder: its path {fault}. Nothing was written there. Name another folder with PITCHER_HOME.</source>
        <translation>Im Ordner des Verlaufs kann keine Datenbank liegen: Der Pfad {fault}. Nichts wurde dort geschrieben. Mit PITCHER_HOME einen anderen Ordner nennen.</translation>
    </message>
    <message>
        <source>No fonts in {folder}. Install Pitcher again.</source>
        <translation>In {folder} sind keine Schriften. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>No keyring answers here; one that keeps nothing, or keeps secrets in plain text, is not used.</source>
        <translation>Hier antwortet kein Schlüsselbund; einer, der nichts aufbewahrt oder Geheimnisse im Klartext ablegt, wird nicht benutzt.</translation>
    </message>
    <message>
        <source>No keyring was asked. Nothing was changed. Try again.</source>
        <translation>Kein Schlüsselbund wurde gefragt. Nichts wurde geändert. Erneut versuchen.</translation>
    </message>
    <message>
        <source>No locks available</source>
        <translation>Das Dateisystem vergibt keine Sperren</translation>
    </message>
    <message>
        <source>No model is opened until the policy of your organisation can be used: {file}</source>
        <translation>Kein Modell wird geöffnet, bis die Richtlinie der Organisation verwendbar ist: {file}</translation>
    </message>
    <message>
        <source>No plan could be made: {why}.</source>
        <translation>Es ließ sich kein Plan aufstellen: {why}.</translation>
    </message>
    <message>
        <source>No prompt can be made. {error}</source>
        <translation>Es lässt sich keine Eingabe für das Modell erstellen. {error}</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>Der Datenträger ist voll</translation>
    </message>
    <message>
        <source>No such device</source>
        <translation>Das Gerät gibt es nicht</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <source>Nobody proposed a download.</source>
        <translation>Niemand hat einen Download vorgeschlagen.</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>Es ist kein Ordner</translation>
    </message>
    <message>
        <source>Nothing came for {seconds:.0f} seconds.</source>
        <translation>Seit {seconds:.0f} Sekunden kam nichts.</translation>
    </message>
    <message>
        <source>Nothing here quantizes to {scheme_name}; what can be: {known}.</source>
        <translation>Nichts hier quantisiert nach {scheme_name}; möglich sind: {known}.</translation>
    </message>
    <message>
        <source>Nothing here runs {name} ({reasons}).</source>
        <translation>Nichts hier führt {name} aus ({reasons}).</translation>
    </message>
    <message>
        <source>Nothing is downloaded on this computer, as set by your organisation in {file}. Import a bundle, or use files that you have.</source>
        <translation>Auf diesem Computer wird nichts heruntergeladen, wie von der Organisation in {file} festgelegt. Ein Paket importieren oder vorhandene Dateien verwenden.</translation>
    </message>
    <message>
        <source>Nothing of the damaged history could be read. Nothing was changed; put a copy of history.db back, if there is one elsewhere.</source>
        <translation>Vom beschädigten Verlauf ließ sich nichts lesen. Nichts wurde geändert; eine Kopie von history.db zurücklegen, falls es anderswo eine gibt.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Nothing was downloaded: that was not confirmed.</source>
        <translation>Nichts wurde heruntergeladen: Das wurde nicht bestätigt.</translation>
    </message>
    <message>
        <source>Numbers of tokens must be 0 or more, and repeats 1 or more.</source>
        <translation>Die Zahl der Tokens muss 0 oder mehr sein, die der Wiederholungen 1 oder mehr.</translation>
    </message>
    <message>
        <source>One download at a time: another one has not ended yet.</source>
        <translation>Ein Download nach dem anderen: Ein anderer ist noch nicht zu Ende.</translation>
    </message>
    <message>
        <source>Open it as that user</source>
        <translation>Ihn als dieser Benutzer öffnen</translation>
    </message>
    <message>
        <source>Open it with that version</source>
        <translation>Ihn mit jener Version öffnen</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>Das ist nicht erlaubt</translation>
    </message>
    <message>
        <source>Other users may write to the history&apos;s folder {folder}. Nothing was changed. Close it to them (chmod 700 &apos;{folder}&apos;), then try again.</source>
        <translation>Andere Benutzer dürfen in den Ordner des Verlaufs {folder} schreiben. Nichts wurde geändert. Ihn für sie schließen (chmod 700 &apos;{folder}&apos;), dann erneut versuchen.</translation>
    </message>
    <message>
        <source>Others can change {path}, on which trust rests. Nothing in it counts until it is its owner’s alone (chmod go-w). Look at what stands in it first.</source>
        <translation>Andere können {path} ändern, worauf Vertrauen beruht. Nichts darin gilt, bis nur der Eigentümer schreiben darf (chmod go-w). Vorher nachsehen, was darin steht.</translation>
    </message>
    <message>
        <source>Others can read the private key in {file}. Take their rights away (chmod 600), or make another key.</source>
        <translation>Andere können den privaten Schlüssel in {file} lesen. Ihnen das Recht nehmen (chmod 600) oder einen anderen Schlüssel erzeugen.</translation>
    </message>
    <message>
        <source>Part of the history&apos;s file is damaged, and there is no backup. Nothing was changed. Bring back what can be read, which keeps the damaged file, or put a copy of history.db in its place.</source>
        <translation>Ein Teil der Verlaufsdatei ist beschädigt, und es gibt keine Sicherung. Nichts wurde geändert. Zurückholen, was sich lesen lässt, wobei die beschädigte Datei erhalten bleibt, oder eine Kopie von history.db an ihre Stelle legen.</translation>
    </message>
    <message>
        <source>Part of the history&apos;s file is damaged. Nothing was changed; a backup can be restored.</source>
        <translation>Ein Teil der Verlaufsdatei ist beschädigt. Nichts wurde geändert; eine Sicherung lässt sich wiederherstellen.</translation>
    </message>
    <message>
        <source>Parts have {least:,} to {most:,} bytes.</source>
        <translation>Teile haben {least:,} bis {most:,} Bytes.</translation>
    </message>
    <message>
        <source>Parts of {name} are missing in the repository, or do not belong together. Nothing was fetched.</source>
        <translation>Teile von {name} fehlen im Repository oder gehören nicht zusammen. Es wurde nichts geholt.</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Keine Berechtigung</translation>
    </message>
    <message>
        <source>Pitcher can’t download on this system yet: the system can’t hold the process that would do it to its task. Import a bundle, or use files that you have.</source>
        <translation>Auf diesem System kann Pitcher noch nichts herunterladen: Es kann den Prozess, der es täte, nicht auf seine Aufgabe beschränken. Ein Paket importieren oder vorhandene Dateien verwenden.</translation>
    </message>
    <message>
        <source>Pitcher closed the way to the courier.</source>
        <translation>Pitcher hat den Weg zum Kurier geschlossen.</translation>
    </message>
    <message>
        <source>Pitcher has no network lock for {where} yet: the system does not block the network.</source>
        <translation>Pitcher hat noch keine Netzwerksperre für {where}: Das System blockiert das Netzwerk nicht.</translation>
    </message>
    <message>
        <source>Pitcher&apos;s window has this history open. Close it, then try again.</source>
        <translation>Ein Fenster von Pitcher hat diesen Verlauf offen. Es schließen, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>Preparing it, once ({percent}%)</source>
        <translation>Einmalig vorbereiten ({percent} %)</translation>
    </message>
    <message>
        <source>Preset {count}</source>
        <translation>Voreinstellung {count}</translation>
    </message>
    <message>
        <source>Put a copy of it back and try again</source>
        <translation>Eine Kopie davon zurücklegen und erneut versuchen</translation>
    </message>
    <message>
        <source>Put it back and try again</source>
        <translation>Sie zurücklegen und erneut versuchen</translation>
    </message>
    <message>
        <source>Put the right file back and try again</source>
        <translation>Die richtige Datei zurücklegen und erneut versuchen</translation>
    </message>
    <message>
        <source>Qwen3&apos;s experts are not scaled</source>
        <translation>Die Experten von Qwen3 werden nicht skaliert</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>Das Dateisystem lässt sich nur lesen</translation>
    </message>
    <message>
        <source>Reading the header</source>
        <translation>Kopf wird gelesen</translation>
    </message>
    <message>
        <source>Resource deadlock avoided</source>
        <translation>Die Sperren würden einander blockieren</translation>
    </message>
    <message>
        <source>Resource temporarily unavailable</source>
        <translation>Gerade nicht verfügbar</translation>
    </message>
    <message>
        <source>Rows can&apos;t be quantized: {why}.</source>
        <translation>Zeilen lassen sich nicht quantisieren: {why}.</translation>
    </message>
    <message>
        <source>SSH agent</source>
        <translation>SSH-Agent</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Umfang</translation>
    </message>
    <message>
        <source>Stale file handle</source>
        <translation>Die Datei ist auf dem Server nicht mehr da</translation>
    </message>
    <message>
        <source>Stopped. What has arrived is kept.</source>
        <translation>Angehalten. Was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>Stopped. What is done is kept, and the next start goes on from there.</source>
        <translation>Angehalten. Was fertig ist, bleibt erhalten, und der nächste Start macht dort weiter.</translation>
    </message>
    <message>
        <source>TCP by a 32-bit call</source>
        <translation>TCP durch einen 32-Bit-Aufruf</translation>
    </message>
    <message>
        <source>TCP by an x32 call</source>
        <translation>TCP durch einen x32-Aufruf</translation>
    </message>
    <message>
        <source>TCP over IPv6</source>
        <translation>TCP über IPv6</translation>
    </message>
    <message>
        <source>TCP, family with bits that the kernel ignores</source>
        <translation>TCP, Familie mit Bits, die der Kernel übergeht</translation>
    </message>
    <message>
        <source>Text file busy</source>
        <translation>Das Programm läuft gerade</translation>
    </message>
    <message>
        <source>That makes {count:,} parts; a bundle has up to {most:,}. Make them larger.</source>
        <translation>Das ergibt {count:,} Teile; ein Paket hat bis zu {most:,}. Sie größer machen.</translation>
    </message>
    <message>
        <source>That passphrase does not open this history.</source>
        <translation>Diese Passphrase öffnet diesen Verlauf nicht.</translation>
    </message>
    <message>
        <source>The SQLite that is installed here can&apos;t encrypt. Nothing was written; install apsw-sqlite3mc in the place of apsw.</source>
        <translation>Das hier installierte SQLite kann nicht verschlüsseln. Nichts wurde geschrieben; apsw-sqlite3mc anstelle von apsw installieren.</translation>
    </message>
    <message>
        <source>The answer contradicts itself: it has two of “{name}”.</source>
        <translation>Die Antwort widerspricht sich: „{name}“ steht zweimal darin.</translation>
    </message>
    <message>
        <source>The answer for {file} was not used: {why}. What had arrived is kept; try again later, or by another mirror.</source>
        <translation>Die Antwort zu {file} wurde nicht verwendet: {why}. Was angekommen war, bleibt; später noch einmal versuchen, oder über einen anderen Spiegel.</translation>
    </message>
    <message>
        <source>The answer has more than {most:,} bytes, and was cut. Nothing of it was used.</source>
        <translation>Die Antwort hat mehr als {most:,} Bytes und wurde abgeschnitten. Nichts davon wurde verwendet.</translation>
    </message>
    <message>
        <source>The backup could not be deleted</source>
        <translation>Die Sicherung ließ sich nicht löschen</translation>
    </message>
    <message>
        <source>The backup could not be made</source>
        <translation>Die Sicherung ließ sich nicht anlegen</translation>
    </message>
    <message>
        <source>The backup could not be restored</source>
        <translation>Die Sicherung ließ sich nicht wiederherstellen</translation>
    </message>
    <message>
        <source>The backup was stopped. The history is safe.</source>
        <translation>Die Sicherung wurde angehalten. Der Verlauf ist sicher.</translation>
    </message>
    <message>
        <source>The backup {name} was restored.{along} What was there before: {set_aside}.</source>
        <translation>Die Sicherung {name} wurde wiederhergestellt.{along} Was vorher da war: {set_aside}.</translation>
    </message>
    <message>
        <source>The backups can&apos;t be listed</source>
        <translation>Die Sicherungen lassen sich nicht auflisten</translation>
    </message>
    <message>
        <source>The budget for thinking must be 0 tokens or more.</source>
        <translation>Das Gedankenbudget muss 0 Tokens oder mehr sein.</translation>
    </message>
    <message>
        <source>The bundle can’t be written to {folder}: {why}. Put the stick in and start again; what is done is kept.</source>
        <translation>Das Paket lässt sich nicht nach {folder} schreiben: {why}. Den Stick einstecken und neu starten; was fertig ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>The catalogue has no model “{words}”. “models catalogue” lists what it has.</source>
        <translation>Der Katalog hat kein Modell „{words}“. „models catalogue“ zeigt, was er hat.</translation>
    </message>
    <message>
        <source>The catalogue has no number {number}.</source>
        <translation>Der Katalog hat keine Nummer {number}.</translation>
    </message>
    <message>
        <source>The catalogue of models can’t be read: {name} is missing or damaged. Install Pitcher again.</source>
        <translation>Der Katalog der Modelle ist nicht lesbar: {name} fehlt oder ist beschädigt. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>The certificates of {file} can’t be used: {why}. Nothing was asked.</source>
        <translation>Die Zertifikate in {file} sind nicht zu gebrauchen: {why}. Es wurde nichts angefragt.</translation>
    </message>
    <message>
        <source>The chat template asks for a huge number of characters or items.</source>
        <translation>Die Chat-Vorlage verlangt ungeheuer viele Zeichen oder Elemente.</translation>
    </message>
    <message>
        <source>The chat template builds characters from numbers.</source>
        <translation>Die Chat-Vorlage bildet Zeichen aus Zahlen.</translation>
    </message>
    <message>
        <source>The chat template calls itself without end.</source>
        <translation>Die Chat-Vorlage ruft sich ohne Ende selbst auf.</translation>
    </message>
    <message>
        <source>The chat template can&apos;t be read: {reason}.</source>
        <translation>Die Chat-Vorlage ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>The chat template computes a number far too large.</source>
        <translation>Die Chat-Vorlage berechnet eine viel zu große Zahl.</translation>
    </message>
    <message>
        <source>The chat template does what it may not do: {why}.</source>
        <translation>Die Chat-Vorlage tut, was sie nicht darf: {why}.</translation>
    </message>
    <message>
        <source>The chat template failed: {name}.</source>
        <translation>Die Chat-Vorlage ist gescheitert: {name}.</translation>
    </message>
    <message>
        <source>The chat template failed: {why}.</source>
        <translation>Die Chat-Vorlage ist gescheitert: {why}.</translation>
    </message>
    <message>
        <source>The chat template formats a number far too wide.</source>
        <translation>Die Chat-Vorlage formatiert eine Zahl viel zu breit.</translation>
    </message>
    <message>
        <source>The chat template formats with a width that varies.</source>
        <translation>Die Chat-Vorlage formatiert mit wechselnder Breite.</translation>
    </message>
    <message>
        <source>The chat template made an empty prompt of this conversation.</source>
        <translation>Die Chat-Vorlage machte aus diesem Gespräch eine leere Eingabe.</translation>
    </message>
    <message>
        <source>The chat template makes a list that is far too long.</source>
        <translation>Die Chat-Vorlage bildet eine viel zu lange Liste.</translation>
    </message>
    <message>
        <source>The chat template makes a text of more than {most} million characters.</source>
        <translation>Die Chat-Vorlage bildet einen Text von mehr als {most} Millionen Zeichen.</translation>
    </message>
    <message>
        <source>The chat template needs more memory than it may have.</source>
        <translation>Die Chat-Vorlage braucht mehr Speicher, als sie haben darf.</translation>
    </message>
    <message>
        <source>The chat template turns text into bytes.</source>
        <translation>Die Chat-Vorlage macht aus Text Bytes.</translation>
    </message>
    <message>
        <source>The check was stopped. The history is safe.</source>
        <translation>Die Prüfung wurde angehalten. Der Verlauf ist sicher.</translation>
    </message>
    <message>
        <source>The configuration&apos;s field {where}{field} is not known to this program, so the model might run wrong. It was not loaded.</source>
        <translation>Das Feld {where}{field} der Konfiguration ist diesem Programm unbekannt, das Modell könnte also falsch laufen. Es wurde nicht geladen.</translation>
    </message>
    <message>
        <source>The configuration&apos;s field {where}{key}: {reason}.</source>
        <translation>Das Feld {where}{key} der Konfiguration: {reason}.</translation>
    </message>
    <message>
        <source>The connection to {host} broke off: {why}.</source>
        <translation>Die Verbindung zu {host} brach ab: {why}.</translation>
    </message>
    <message>
        <source>The connection to {host} ended early.</source>
        <translation>Die Verbindung zu {host} endete zu früh.</translation>
    </message>
    <message>
        <source>The context must hold at least 1 token.</source>
        <translation>Der Kontext muss mindestens 1 Token fassen.</translation>
    </message>
    <message>
        <source>The courier asked for what nobody had allowed, and was ended.</source>
        <translation>Der Kurier verlangte, was niemand erlaubt hatte, und wurde beendet.</translation>
    </message>
    <message>
        <source>The damaged end of the history could not be set aside</source>
        <translation>Das beschädigte Ende des Verlaufs ließ sich nicht beiseitelegen</translation>
    </message>
    <message>
        <source>The damaged files lie in {set_aside}.</source>
        <translation>Die beschädigten Dateien liegen in {set_aside}.</translation>
    </message>
    <message>
        <source>The database {database} was cut off at its beginning. Nothing was changed; a backup can be restored.</source>
        <translation>Die Datenbank {database} ist am Anfang abgeschnitten. Nichts wurde geändert; eine Sicherung lässt sich wiederherstellen.</translation>
    </message>
    <message>
        <source>The diagnostics were not kept: {where} is not a value that they may hold. Nothing was written. Export them again.</source>
        <translation>Die Diagnose wurde nicht aufbewahrt: Hier steht kein Wert, den sie enthalten darf ({where}). Nichts wurde geschrieben. Sie erneut exportieren.</translation>
    </message>
    <message>
        <source>The disk gives back other bytes than were written to it. Check the disk.</source>
        <translation>Der Datenträger gibt andere Bytes zurück, als auf ihn geschrieben wurden. Den Datenträger prüfen.</translation>
    </message>
    <message>
        <source>The disk is full, so the download is paused. Make room, and let it go on: what has arrived is kept.</source>
        <translation>Der Datenträger ist voll, deshalb pausiert der Download. Platz schaffen und weiterlaufen lassen: Was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>The disk is full. Make room, and start again: what has arrived is kept.</source>
        <translation>Der Datenträger ist voll. Platz schaffen und noch einmal starten: Was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>The disk is full. Nothing that was saved is lost; free some space and try again.</source>
        <translation>Die Festplatte ist voll. Nichts Gespeichertes ist verloren; Platz schaffen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The disk is full. {target} was not changed. Free some space or choose another folder, then export again.</source>
        <translation>Die Festplatte ist voll. {target} wurde nicht geändert. Platz schaffen oder einen anderen Ordner wählen, dann erneut exportieren.</translation>
    </message>
    <message>
        <source>The disk is full: {file} could not be written. The history is safe. Free some space and try again.</source>
        <translation>Die Festplatte ist voll: {file} ließ sich nicht schreiben. Der Verlauf ist sicher. Platz schaffen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The disk refused to read a part of the history. Nothing was changed; check the disk and try again.</source>
        <translation>Die Festplatte gab einen Teil des Verlaufs nicht her. Nichts wurde geändert; die Festplatte prüfen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The disk refused to read or write the history. What was saved before is safe; check the disk and try again.</source>
        <translation>Die Festplatte ließ den Verlauf nicht lesen oder schreiben. Was vorher gespeichert wurde, ist sicher; die Festplatte prüfen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The disk refused to write the history, and this was undone as a whole. What was saved before is safe; check the disk and try again.</source>
        <translation>Die Festplatte ließ den Verlauf nicht schreiben, und dies wurde ganz zurückgenommen. Was vorher gespeichert wurde, ist sicher; die Festplatte prüfen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The disk refused to write {file}: {why}. The history is safe. Check the disk and try again.</source>
        <translation>Die Festplatte ließ {file} nicht schreiben: {why}. Der Verlauf ist sicher. Die Festplatte prüfen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The end of its branch is not there</source>
        <translation>Das Ende seines Zweiges fehlt</translation>
    </message>
    <message>
        <source>The end of the history&apos;s log was damaged: the last messages may be missing. {messages:,} of them were brought back. {kept}</source>
        <translation>Das Ende des Verlaufsprotokolls war beschädigt: Die letzten Nachrichten können fehlen. {messages:,} davon wurden zurückgeholt. {kept}</translation>
    </message>
    <message>
        <source>The experts {name} are stored in {known}.</source>
        <translation>Die Experten {name} sind in {known} gespeichert.</translation>
    </message>
    <message>
        <source>The field {field} is not known to this program, so the model might run wrong. It was not loaded.</source>
        <translation>Das Feld {field} ist diesem Programm unbekannt, das Modell könnte also falsch laufen. Es wurde nicht geladen.</translation>
    </message>
    <message>
        <source>The field {prefix}{key}: {reason}.</source>
        <translation>Das Feld {prefix}{key}: {reason}.</translation>
    </message>
    <message>
        <source>The file</source>
        <translation>Die Datei</translation>
    </message>
    <message>
        <source>The file system of {path} can&apos;t keep a history safely (no WAL).</source>
        <translation>Das Dateisystem von {path} kann einen Verlauf nicht sicher aufbewahren (kein WAL).</translation>
    </message>
    <message>
        <source>The files of {name} changed meanwhile. Start again.</source>
        <translation>Die Dateien von {name} haben sich inzwischen geändert. Neu starten.</translation>
    </message>
    <message>
        <source>The history at {path} is an empty file. A backup can be restored in its place.</source>
        <translation>Der Verlauf unter {path} ist eine leere Datei. Eine Sicherung lässt sich an ihrer Stelle wiederherstellen.</translation>
    </message>
    <message>
        <source>The history could not be taken. Nothing was changed. Try again.</source>
        <translation>Der Verlauf ließ sich nicht belegen. Nichts wurde geändert. Erneut versuchen.</translation>
    </message>
    <message>
        <source>The history could not be wiped completely</source>
        <translation>Der Verlauf ließ sich nicht vollständig löschen</translation>
    </message>
    <message>
        <source>The history is closed. Nothing is lost; open it again to go on.</source>
        <translation>Der Verlauf ist geschlossen. Nichts ist verloren; ihn zum Weitermachen wieder öffnen.</translation>
    </message>
    <message>
        <source>The history is locked. Nothing was changed. Open it, then try again.</source>
        <translation>Der Verlauf ist gesperrt. Nichts wurde geändert. Ihn öffnen, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>The history is locked. Unlock it to go on.</source>
        <translation>Der Verlauf ist gesperrt. Zum Weitermachen entsperren.</translation>
    </message>
    <message>
        <source>The history is locked. Unlock it, then try again.</source>
        <translation>Der Verlauf ist gesperrt. Entsperren, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>The history is safe.</source>
        <translation>Der Verlauf ist sicher.</translation>
    </message>
    <message>
        <source>The history may only be read here. Nothing is lost; allow writing to its folder and try again.</source>
        <translation>Der Verlauf darf hier nur gelesen werden. Nichts ist verloren; das Schreiben in seinen Ordner erlauben und erneut versuchen.</translation>
    </message>
    <message>
        <source>The history refused this ({error}). Nothing was changed; try again, and check the history if it happens again.</source>
        <translation>Der Verlauf nahm dies nicht an ({error}). Nichts wurde geändert; erneut versuchen und den Verlauf prüfen, falls es wieder geschieht.</translation>
    </message>
    <message>
        <source>The history&apos;s database, history.db, is missing.</source>
        <translation>Die Datenbank des Verlaufs, history.db, fehlt.</translation>
    </message>
    <message>
        <source>The history&apos;s file can&apos;t be opened. Nothing was changed; check that its folder may be read and written.</source>
        <translation>Die Verlaufsdatei lässt sich nicht öffnen. Nichts wurde geändert; prüfen, ob ihr Ordner gelesen und beschrieben werden darf.</translation>
    </message>
    <message>
        <source>The history&apos;s file can&apos;t be reached ({why}). Nothing was changed; check that its folder may be read and written.</source>
        <translation>Die Verlaufsdatei ist nicht erreichbar ({why}). Nichts wurde geändert; prüfen, ob ihr Ordner gelesen und beschrieben werden darf.</translation>
    </message>
    <message>
        <source>The history&apos;s folder {folder} belongs to another user. Nothing was changed. Start Pitcher as that user, or name another folder with PITCHER_HOME.</source>
        <translation>Der Ordner des Verlaufs {folder} gehört einem anderen Benutzer. Nichts wurde geändert. Pitcher als dieser Benutzer starten oder mit PITCHER_HOME einen anderen Ordner nennen.</translation>
    </message>
    <message>
        <source>The history&apos;s folder {folder} can&apos;t be read: {why}. Nothing was changed. Make it readable and try again.</source>
        <translation>Der Ordner des Verlaufs {folder} ist nicht lesbar: {why}. Nichts wurde geändert. Ihn lesbar machen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The history&apos;s folder {folder} can&apos;t be used</source>
        <translation>Der Ordner des Verlaufs {folder} ist nicht benutzbar</translation>
    </message>
    <message>
        <source>The history&apos;s folder {folder} is on a network share ({kind}), where a message could be lost. Nothing was written there. Name a folder on a disk of this computer with PITCHER_HOME.</source>
        <translation>Der Ordner des Verlaufs {folder} liegt auf einer Netzwerkfreigabe ({kind}), wo eine Nachricht verloren gehen könnte. Nichts wurde dort geschrieben. Mit PITCHER_HOME einen Ordner auf einer Festplatte dieses Computers nennen.</translation>
    </message>
    <message>
        <source>The history&apos;s log was damaged. Nothing is lost. {kept}</source>
        <translation>Das Verlaufsprotokoll war beschädigt. Nichts ist verloren. {kept}</translation>
    </message>
    <message>
        <source>The download was stopped. What has arrived is kept: started again, it goes on from there.</source>
        <translation>Der Download wurde angehalten. Was angekommen ist, bleibt: Neu gestartet geht er dort weiter.</translation>
    </message>
    <message>
        <source>A token is computed an op at a time: not all of it is on the card.</source>
        <translation>Ein Token wird Schritt für Schritt gerechnet: Nicht alles davon ist auf der Karte.</translation>
    </message>
    <message>
        <source>A token is computed an op at a time: {reason}</source>
        <translation>Ein Token wird Schritt für Schritt gerechnet: {reason}</translation>
    </message>
    <message>
        <source>A token is one recorded step.</source>
        <translation>Ein Token ist ein aufgezeichneter Ablauf.</translation>
    </message>
    <message>
        <source>Added: {name}</source>
        <translation>Hinzugekommen: {name}</translation>
    </message>
    <message>
        <source>Another Pitcher is changing its versions just now. Wait for it, then try again.</source>
        <translation>Ein anderes Pitcher ändert gerade seine Versionen. Warten, bis es fertig ist, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>Can’t be read: {name}</source>
        <translation>Nicht lesbar: {name}</translation>
    </message>
    <message>
        <source>Changed: {name}</source>
        <translation>Verändert: {name}</translation>
    </message>
    <message>
        <source>Copying experts to the graphics card</source>
        <translation>Experten werden auf die Grafikkarte kopiert</translation>
    </message>
    <message>
        <source>It is not known whether version {version} can read the chats as they are kept now. If it can’t, it says so and changes nothing.</source>
        <translation>Es ist nicht bekannt, ob Version {version} die Chats lesen kann, wie sie jetzt aufbewahrt werden. Kann sie es nicht, so sagt sie das und ändert nichts.</translation>
    </message>
    <message>
        <source>Missing: {name}</source>
        <translation>Fehlt: {name}</translation>
    </message>
    <message>
        <source>Not as built: {changed} changed, {missing} missing, {added} added, {unreadable} unreadable, of {count} files. Install Pitcher again.</source>
        <translation>Nicht wie gebaut: {changed} verändert, {missing} fehlen, {added} hinzugekommen, {unreadable} nicht lesbar, von {count} Dateien. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>Pitcher is under the Apache License 2.0. It consists in part of the works of others, each under its own licence; they are listed here with the texts of these licences.</source>
        <translation>Pitcher steht unter der Apache-Lizenz 2.0. Es besteht zum Teil aus Werken anderer, jedes unter seiner eigenen Lizenz; sie sind hier mit den Texten dieser Lizenzen aufgeführt.</translation>
    </message>
    <message>
        <source>Pitcher runs from source: there is no list of built files to compare with.</source>
        <translation>Pitcher läuft aus dem Quelltext: Es gibt keine Liste gebauter Dateien, mit der man vergleichen könnte.</translation>
    </message>
    <message>
        <source>Qt and PySide6 are used under the GNU Lesser General Public License, version 3. Their libraries are files of their own, in the folders PySide6 and shiboken6 of an installed program: libraries that you built from their source, of the same version and with the same names, can take their place. The privacy page then says that these files were changed; nothing else refuses them.</source>
        <translation>Qt und PySide6 werden unter der GNU Lesser General Public License, Version 3, verwendet. Ihre Bibliotheken sind eigene Dateien, in den Ordnern PySide6 und shiboken6 eines installierten Programms: Bibliotheken, die aus ihrem Quelltext selbst gebaut wurden, von derselben Version und mit denselben Namen, können an ihre Stelle treten. Die Seite zur Privatsphäre sagt dann, dass diese Dateien verändert wurden; sonst weist sie nichts zurück.</translation>
    </message>
    <message>
        <source>The NVIDIA driver refused {call} ({name}).</source>
        <translation>Der NVIDIA-Treiber nahm {call} nicht an ({name}).</translation>
    </message>
    <message>
        <source>The file is another update than the one that was asked about. Nothing was changed; choose it again.</source>
        <translation>Die Datei ist ein anderes Update als das, nach dem gefragt wurde. Nichts wurde geändert; sie noch einmal wählen.</translation>
    </message>
    <message>
        <source>The graphics card stopped answering ({name}).</source>
        <translation>Die Grafikkarte antwortet nicht mehr ({name}).</translation>
    </message>
    <message>
        <source>The graphics card’s memory is full.</source>
        <translation>Der Speicher der Grafikkarte ist voll.</translation>
    </message>
    <message>
        <source>The hub’s answer can’t be used: {why}. Nothing was fetched; try again later, or without the mirror.</source>
        <translation>Die Antwort des Hubs ist nicht verwendbar: {why}. Nichts wurde geholt; später noch einmal versuchen, oder ohne den Spiegel.</translation>
    </message>
    <message>
        <source>The kernels refused a step: {why}.</source>
        <translation>Die Kernels nahmen einen Schritt nicht an: {why}.</translation>
    </message>
    <message>
        <source>The kernels refused {op}: {why}.</source>
        <translation>Die Kernels nahmen {op} nicht an: {why}.</translation>
    </message>
    <message>
        <source>The key can’t be kept in {file}: {why}.</source>
        <translation>Der Schlüssel lässt sich nicht in {file} aufbewahren: {why}.</translation>
    </message>
    <message>
        <source>The key does not open the database, which is damaged or belongs to another history.</source>
        <translation>Der Schlüssel öffnet die Datenbank nicht; sie ist beschädigt oder gehört zu einem anderen Verlauf.</translation>
    </message>
    <message>
        <source>The key does not open this history, or the start of its file is damaged. Nothing was changed; try again, or restore a backup.</source>
        <translation>Der Schlüssel öffnet diesen Verlauf nicht, oder der Anfang der Datei ist beschädigt. Nichts wurde geändert; erneut versuchen oder eine Sicherung wiederherstellen.</translation>
    </message>
    <message>
        <source>The key is kept in {keyring}, which does not answer on this desktop.</source>
        <translation>Der Schlüssel liegt in einem Schlüsselbund, der auf diesem Desktop nicht antwortet: {keyring}.</translation>
    </message>
    <message>
        <source>The key&apos;s entry could not be deleted from {keyring}. It opens nothing any more. Delete “{service}” there by hand.</source>
        <translation>Der Eintrag des Schlüssels ließ sich nicht aus dem Schlüsselbund löschen ({keyring}). Er öffnet nichts mehr. „{service}“ dort von Hand löschen.</translation>
    </message>
    <message>
        <source>The key&apos;s entry could not be deleted from {keyring}. The history is safe. Delete “{service}” there by hand.</source>
        <translation>Der Eintrag des Schlüssels ließ sich nicht aus dem Schlüsselbund löschen ({keyring}). Der Verlauf ist sicher. „{service}“ dort von Hand löschen.</translation>
    </message>
    <message>
        <source>The keyring did not answer in time.</source>
        <translation>Der Schlüsselbund hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>The keyring did not keep the key: what was read back is not what was written.</source>
        <translation>Der Schlüsselbund hat den Schlüssel nicht aufbewahrt: Zurückgelesen wurde etwas anderes als geschrieben.</translation>
    </message>
    <message>
        <source>The keyring had not answered yet.</source>
        <translation>Der Schlüsselbund hatte noch nicht geantwortet.</translation>
    </message>
    <message>
        <source>The keyring has no key for this history: the entry was deleted, or it is in the keyring of another desktop, user or computer.</source>
        <translation>Der Schlüsselbund hat keinen Schlüssel für diesen Verlauf: Der Eintrag wurde gelöscht oder liegt im Schlüsselbund eines anderen Desktops, Benutzers oder Computers.</translation>
    </message>
    <message>
        <source>The keyring is locked.</source>
        <translation>Der Schlüsselbund ist gesperrt.</translation>
    </message>
    <message>
        <source>The keyring stayed locked: its prompt was closed or could not be shown.</source>
        <translation>Der Schlüsselbund blieb gesperrt: Seine Abfrage wurde geschlossen oder ließ sich nicht zeigen.</translation>
    </message>
    <message>
        <source>The keyring&apos;s entry for this history was altered and is not its key.</source>
        <translation>Der Eintrag im Schlüsselbund für diesen Verlauf wurde verändert und ist nicht sein Schlüssel.</translation>
    </message>
    <message>
        <source>The list of files is not as it was signed. Install Pitcher again.</source>
        <translation>Die Liste der Dateien ist nicht so, wie sie signiert wurde. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>The list of licences is damaged. Install Pitcher again.</source>
        <translation>Die Liste der Lizenzen ist beschädigt. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>The list of models in other places can’t be read ({why}). Those models are not shown, and the list is left as it is: {file}</source>
        <translation>Die Liste der Modelle an anderen Orten lässt sich nicht lesen ({why}). Diese Modelle werden nicht gezeigt, und die Liste bleibt, wie sie ist: {file}</translation>
    </message>
    <message>
        <source>The list of the files is signed with the key of this build.</source>
        <translation>Die Liste der Dateien ist mit dem Schlüssel dieses Builds signiert.</translation>
    </message>
    <message>
        <source>The list of trusted keys can’t be written: {why}.</source>
        <translation>Die Liste der vertrauten Schlüssel lässt sich nicht schreiben: {why}.</translation>
    </message>
    <message>
        <source>The lock is not in force on this process: {open_doors} of {tried} attempts were not refused, the first of them {attempt} ({answer}).</source>
        <translation>Die Sperre gilt für diesen Prozess nicht: {open_doors} von {tried} Versuchen wurden nicht abgewiesen, der erste davon: {attempt} ({answer}).</translation>
    </message>
    <message>
        <source>The lock of the process that downloads could not be set ({why}), so nothing was started.</source>
        <translation>Die Sperre des Prozesses, der herunterlädt, ließ sich nicht setzen ({why}); gestartet wurde nichts.</translation>
    </message>
    <message>
        <source>The lock of the process that downloads does not hold, so nothing was fetched.</source>
        <translation>Die Sperre des Prozesses, der herunterlädt, hält nicht; geholt wurde nichts.</translation>
    </message>
    <message>
        <source>The makers of this model want to know who downloads it. Agree to their terms on the hub’s website, and enter a token of your account there. It is not stored.</source>
        <translation>Die Hersteller dieses Modells möchten wissen, wer es herunterlädt. Auf der Website des Hubs ihren Bedingungen zustimmen und hier ein Token des dortigen Kontos eingeben. Es wird nicht gespeichert.</translation>
    </message>
    <message>
        <source>The makers of {what} want to know who fetches it. Agree to their terms on the model’s page at {host}, and give a token of your account there.</source>
        <translation>Die Hersteller von {what} wollen wissen, wer es holt. Auf der Seite des Modells bei {host} ihren Bedingungen zustimmen und ein Token des eigenen Kontos dort angeben.</translation>
    </message>
    <message>
        <source>The memory is used up. Nothing that was saved is lost; close another program and try again.</source>
        <translation>Der Speicher ist aufgebraucht. Nichts Gespeichertes ist verloren; ein anderes Programm schließen und erneut versuchen.</translation>
    </message>
    <message>
        <source>The model file</source>
        <translation>Die Modelldatei</translation>
    </message>
    <message>
        <source>The model file holds no tokenizer.</source>
        <translation>Die Modelldatei enthält keinen Tokenizer.</translation>
    </message>
    <message>
        <source>The model file names a type for only some of its tokens.</source>
        <translation>Die Modelldatei nennt nur für manche ihrer Tokens eine Art.</translation>
    </message>
    <message>
        <source>The model file&apos;s tokenizer has no tokens or no merges.</source>
        <translation>Der Tokenizer der Modelldatei hat keine Tokens oder keine Verschmelzungen.</translation>
    </message>
    <message>
        <source>The model is answering already. Stop that answer first.</source>
        <translation>Das Modell antwortet schon. Zuerst jene Antwort anhalten.</translation>
    </message>
    <message>
        <source>The model is not of a kind that the native kernels run: {reason}.</source>
        <translation>Das Modell ist nicht von einer Art, die die nativen Kernels ausführen: {reason}.</translation>
    </message>
    <message>
        <source>The model is not prepared.</source>
        <translation>Das Modell ist nicht vorbereitet.</translation>
    </message>
    <message>
        <source>The model is of the architecture “{name}”; this version of Pitcher runs {known}.</source>
        <translation>Das Modell hat die Architektur „{name}“; diese Version von Pitcher führt aus: {known}.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template brought down the process that renders it, which may use {memory_mb} MB and nothing else of this computer.</source>
        <translation>Die Chat-Vorlage des Modells hat den Prozess zu Fall gebracht, der sie ausführt; er darf {memory_mb} MB und sonst nichts von diesem Computer benutzen.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template is longer than {most} KB.</source>
        <translation>Die Chat-Vorlage des Modells ist länger als {most} KB.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template refuses this chat: {message}</source>
        <translation>Die Chat-Vorlage des Modells lehnt diesen Chat ab: {message}</translation>
    </message>
    <message>
        <source>The model&apos;s chat template took longer than {time_limit_s:g} s and was stopped.</source>
        <translation>Die Chat-Vorlage des Modells brauchte länger als {time_limit_s:g} s und wurde angehalten.</translation>
    </message>
    <message>
        <source>The model&apos;s output is not a number. Its file may be damaged: fetch it again.</source>
        <translation>Die Ausgabe des Modells ist keine Zahl. Die Datei kann beschädigt sein: Sie noch einmal holen.</translation>
    </message>
    <message>
        <source>The model&apos;s pre-tokenizer is “{name}”; this version of Pitcher knows {known}.</source>
        <translation>Der Pre-Tokenizer des Modells ist „{name}“; diese Version von Pitcher kennt {known}.</translation>
    </message>
    <message>
        <source>The model&apos;s tokenizer is of the kind “{model}”; this version of Pitcher knows “gpt2” (byte-level BPE).</source>
        <translation>Der Tokenizer des Modells ist von der Art „{model}“; diese Version von Pitcher kennt „gpt2“ (BPE auf Bytes).</translation>
    </message>
    <message>
        <source>The models folder can’t be made ({why}): {folder}</source>
        <translation>Der Ordner für Modelle lässt sich nicht anlegen ({why}): {folder}</translation>
    </message>
    <message>
        <source>The names and sizes of this model’s files are asked for. Sent are the model’s name as it stands here and what every connection shows: this computer’s address. Nothing of your chats can be sent. Nothing is downloaded yet.</source>
        <translation>Gefragt wird nach Namen und Größen der Dateien dieses Modells. Gesendet werden der Name des Modells, wie er hier steht, und was jede Verbindung zeigt: die Adresse dieses Computers. Aus den Chats kann nichts gesendet werden. Heruntergeladen wird noch nichts.</translation>
    </message>
    <message>
        <source>The native kernels could not be loaded ({error}). `make setup` builds them.</source>
        <translation>Die nativen Kernels ließen sich nicht laden ({error}). `make setup` baut sie.</translation>
    </message>
    <message>
        <source>The native kernels do not run this model: {reason}.</source>
        <translation>Die nativen Kernels führen dieses Modell nicht aus: {reason}.</translation>
    </message>
    <message>
        <source>The number of threads must be between 1 and 1024.</source>
        <translation>Die Zahl der Threads muss zwischen 1 und 1024 liegen.</translation>
    </message>
    <message>
        <source>The number of tokens to generate must be at least 1.</source>
        <translation>Die Zahl der Tokens, die zu erzeugen sind, muss mindestens 1 sein.</translation>
    </message>
    <message>
        <source>The passphrase could not be read from descriptor {descriptor}: {why}.</source>
        <translation>Die Passphrase ließ sich nicht vom Deskriptor {descriptor} lesen: {why}.</translation>
    </message>
    <message>
        <source>The passphrase could not be set. Nothing was changed. Try again.</source>
        <translation>Die Passphrase ließ sich nicht setzen. Nichts wurde geändert. Erneut versuchen.</translation>
    </message>
    <message>
        <source>The passphrase is empty. Nothing was changed.</source>
        <translation>Die Passphrase ist leer. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>The passphrase is not valid text. Nothing was changed.</source>
        <translation>Die Passphrase ist kein gültiger Text. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>The policy of your organisation can’t be used ({reason}). The strictest settings hold until it is put right: {file}</source>
        <translation>Die Richtlinie der Organisation ist nicht verwendbar ({reason}). Es gelten die strengsten Einstellungen, bis sie berichtigt ist: {file}</translation>
    </message>
    <message>
        <source>The process that downloads could not be started under its lock ({why}).</source>
        <translation>Der Prozess, der herunterlädt, ließ sich unter seiner Sperre nicht starten ({why}).</translation>
    </message>
    <message>
        <source>The process that downloads ended without a word ({code}). What has arrived is kept; downloading again goes on from there.</source>
        <translation>Der Prozess, der herunterlädt, endete ohne ein Wort ({code}). Was angekommen ist, bleibt; ein neuer Download macht dort weiter.</translation>
    </message>
    <message>
        <source>The prompt has {prompt_tokens:,} tokens and the context holds {context_tokens:,}. Shorten it or start a new chat.</source>
        <translation>Die Eingabe hat {prompt_tokens:,} Tokens, und der Kontext fasst {context_tokens:,}. Sie kürzen oder einen neuen Chat beginnen.</translation>
    </message>
    <message>
        <source>The record of connections can’t be written ({why}), so nothing more is fetched. What has arrived is kept.</source>
        <translation>Das Verzeichnis der Verbindungen lässt sich nicht schreiben ({why}), deshalb wird nichts mehr geholt. Was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>The reference was asked for.</source>
        <translation>Verlangt war die Referenz.</translation>
    </message>
    <message>
        <source>The settings could not be read ({reason}) nor kept aside ({why}).</source>
        <translation>Die Einstellungen ließen sich nicht lesen ({reason}) und nicht beiseitelegen ({why}).</translation>
    </message>
    <message>
        <source>The settings could not be read ({reason}). Defaults apply.</source>
        <translation>Die Einstellungen ließen sich nicht lesen ({reason}). Es gelten die Standardwerte.</translation>
    </message>
    <message>
        <source>The settings could not be read ({reason}). Defaults apply; the file is now {aside}.</source>
        <translation>Die Einstellungen ließen sich nicht lesen ({reason}). Es gelten die Standardwerte; die Datei heißt jetzt {aside}.</translation>
    </message>
    <message>
        <source>The signature of the list of files is missing. Install Pitcher again.</source>
        <translation>Die Signatur der Dateiliste fehlt. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>The smallest distill: a Qwen 2.5 model that learned from DeepSeek-R1’s answers; it is not R1 itself. Quick on any machine, good at sums, weak in knowledge.</source>
        <translation>Das kleinste Destillat: ein Qwen-2.5-Modell, das aus den Antworten von DeepSeek-R1 gelernt hat; es ist nicht R1 selbst. Schnell auf jedem Rechner, gut im Rechnen, schwach im Wissen.</translation>
    </message>
    <message>
        <source>The source of Qt is to be had at {qt}, that of PySide6 at {pyside}, in the folder of the version that is named here.</source>
        <translation>Den Quelltext von Qt gibt es unter {qt}, den von PySide6 unter {pyside}, im Ordner der Version, die hier genannt ist.</translation>
    </message>
    <message>
        <source>The starter: very small, in English alone. It answers at once and shows that all works; what it says is often wrong.</source>
        <translation>Das Startmodell: sehr klein, nur auf Englisch. Es antwortet sofort und zeigt, dass alles läuft; was es sagt, ist oft falsch.</translation>
    </message>
    <message>
        <source>The system lets it write the models folder alone, and read neither chats nor settings.</source>
        <translation>Das System lässt ihn nur in den Ordner für Modelle schreiben und weder Chats noch Einstellungen lesen.</translation>
    </message>
    <message>
        <source>The system refuses this process every way to the network that was tried.</source>
        <translation>Das System verweigert diesem Prozess jeden Weg ins Netzwerk, der versucht wurde.</translation>
    </message>
    <message>
        <source>The text has no tokens.</source>
        <translation>Der Text hat keine Tokens.</translation>
    </message>
    <message>
        <source>The text has {count} tokens; a window of {context} needs at least as many.</source>
        <translation>Der Text hat {count} Tokens; ein Fenster von {context} braucht mindestens ebenso viele.</translation>
    </message>
    <message>
        <source>The text is too long to be kept. Nothing was changed; choose a shorter one.</source>
        <translation>Der Text ist zu lang, um aufbewahrt zu werden. Nichts wurde geändert; einen kürzeren wählen.</translation>
    </message>
    <message>
        <source>The tokenizer cuts text by “{source}”, which Pitcher does not know to be fast on every text.</source>
        <translation>Der Tokenizer zerlegt Text nach „{source}“; Pitcher weiß nicht, ob das bei jedem Text schnell ist.</translation>
    </message>
    <message>
        <source>The tokenizer has {size:,} {things}; at most {limit:,} can be.</source>
        <translation>Der Tokenizer hat {size:,} {things}; höchstens {limit:,} sind möglich.</translation>
    </message>
    <message>
        <source>The tokenizer&apos;s merge {number} does not fit its vocabulary; the file is damaged.</source>
        <translation>Die Verschmelzung {number} des Tokenizers passt nicht zum Vokabular; die Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>The tokens of {name} can be made in far too many ways.</source>
        <translation>Die Tokens von {name} lassen sich auf viel zu viele Arten bilden.</translation>
    </message>
    <message>
        <source>The update can’t be read on: {why}. Nothing was changed; connect its disk or stick again, then try again.</source>
        <translation>Das Update lässt sich nicht weiterlesen: {why}. Nichts wurde geändert; seine Platte oder seinen Stick wieder anschließen, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>The update can’t be used because of “{path}”: {why}. Nothing was written.</source>
        <translation>Das Update ist wegen „{path}“ nicht zu gebrauchen: {why}. Nichts wurde geschrieben.</translation>
    </message>
    <message>
        <source>The update has {count:,} files; 1 to {most:,} can be.</source>
        <translation>Das Update hat {count:,} Dateien; 1 bis {most:,} sind möglich.</translation>
    </message>
    <message>
        <source>The update holds another program than it says. Nothing was changed; tell whoever made it.</source>
        <translation>Das Update enthält ein anderes Programm, als es angibt. Nichts wurde geändert; denen Bescheid geben, die es gemacht haben.</translation>
    </message>
    <message>
        <source>The update holds no program that could be started.</source>
        <translation>Das Update enthält kein Programm, das sich starten ließe.</translation>
    </message>
    <message>
        <source>The update is larger than any such program.</source>
        <translation>Das Update ist größer als jedes solche Programm.</translation>
    </message>
    <message>
        <source>The update is not as it was signed: it was altered, or damaged on its way. Nothing of it was used; copy it again.</source>
        <translation>Das Update ist nicht so, wie es signiert wurde: Es wurde verändert oder unterwegs beschädigt. Nichts davon wurde verwendet; noch einmal kopieren.</translation>
    </message>
    <message>
        <source>The update needs {needed:,} MB of room in {folder}, and {free:,} MB are free. Make room, then try again; nothing was changed.</source>
        <translation>Das Update braucht {needed:,} MB Platz in {folder}, und {free:,} MB sind frei. Platz schaffen, dann erneut versuchen; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>The update was stopped. Nothing was changed.</source>
        <translation>Das Update wurde angehalten. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>The way to the courier was closed. What has arrived is kept.</source>
        <translation>Der Weg zum Kurier wurde geschlossen. Was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>The whole mixture of 671 billion parameters, of which a token uses 37 billion. For machines with about half a terabyte of memory.</source>
        <translation>Die ganze Mischung von 671 Milliarden Parametern, von denen ein Token 37 Milliarden nutzt. Für Rechner mit etwa einem halben Terabyte Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>The window’s libraries can’t be loaded: {why}.</source>
        <translation>Die Bibliotheken des Fensters lassen sich nicht laden: {why}.</translation>
    </message>
    <message>
        <source>The worker could not be started: {error}.</source>
        <translation>Der Hilfsprozess ließ sich nicht starten: {error}.</translation>
    </message>
    <message>
        <source>The worker did not start.</source>
        <translation>Der Hilfsprozess ist nicht gestartet.</translation>
    </message>
    <message>
        <source>The worker has been closed.</source>
        <translation>Der Hilfsprozess wurde geschlossen.</translation>
    </message>
    <message>
        <source>The {card} has no room for any layer of this model.</source>
        <translation>Auf der {card} ist für keine Schicht dieses Modells Platz.</translation>
    </message>
    <message>
        <source>The {card} has no room for any layer of this model: programs hold {held:,.1f} GB of its memory.</source>
        <translation>Auf der {card} ist für keine Schicht dieses Modells Platz: Programme belegen {held:,.1f} GB ihres Speichers.</translation>
    </message>
    <message>
        <source>The {fault}.</source>
        <translation>Die Angabe stimmt nicht: {fault}.</translation>
    </message>
    <message>
        <source>There are no kernels for {wanted}; there are {known}.</source>
        <translation>Es gibt keine Kernels für {wanted}; es gibt {known}.</translation>
    </message>
    <message>
        <source>There is a history here already. Nothing was changed. Try again.</source>
        <translation>Hier gibt es schon einen Verlauf. Nichts wurde geändert. Erneut versuchen.</translation>
    </message>
    <message>
        <source>There is a key in {file} already. It was not changed.</source>
        <translation>In {file} liegt schon ein Schlüssel. Er wurde nicht verändert.</translation>
    </message>
    <message>
        <source>There is a preset of this name already. Choose another name.</source>
        <translation>Es gibt schon eine Voreinstellung dieses Namens. Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>There is neither a display nor a terminal to ask on, and nothing is downloaded unasked.</source>
        <translation>Es gibt weder einen Bildschirm noch ein Terminal, um zu fragen, und ungefragt wird nichts heruntergeladen.</translation>
    </message>
    <message>
        <source>There is no answer to go on with. Ask the question again.</source>
        <translation>Es gibt keine Antwort, die weitergehen könnte. Die Frage erneut stellen.</translation>
    </message>
    <message>
        <source>There is no backup to restore. Nothing was changed.</source>
        <translation>Es gibt keine Sicherung zum Wiederherstellen. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>There is no folder {folder}. Is its disk connected?</source>
        <translation>Den Ordner {folder} gibt es nicht. Ist sein Laufwerk angeschlossen?</translation>
    </message>
    <message>
        <source>There is no folder {folder}. Is the stick in?</source>
        <translation>Es gibt keinen Ordner {folder}. Steckt der Stick?</translation>
    </message>
    <message>
        <source>There is no folder {folder}. Nothing was exported.</source>
        <translation>Den Ordner {folder} gibt es nicht. Nichts wurde exportiert.</translation>
    </message>
    <message>
        <source>There is no folder {parent}. Nothing was exported. Choose another folder.</source>
        <translation>Den Ordner {parent} gibt es nicht. Nichts wurde exportiert. Einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>There is no history at {path}. Nothing was created.</source>
        <translation>Unter {path} gibt es keinen Verlauf. Nichts wurde angelegt.</translation>
    </message>
    <message>
        <source>There is no history yet. A chat begins one.</source>
        <translation>Es gibt noch keinen Verlauf. Ein Chat beginnt einen.</translation>
    </message>
    <message>
        <source>There is no key in {file}. “models key make” makes one.</source>
        <translation>In {file} liegt kein Schlüssel. „models key make“ erzeugt einen.</translation>
    </message>
    <message>
        <source>There is no message to answer.</source>
        <translation>Es gibt keine Nachricht, auf die zu antworten wäre.</translation>
    </message>
    <message>
        <source>There is no mix “{mix_name}”: {known}.</source>
        <translation>Die Mischung „{mix_name}“ gibt es nicht; es gibt: {known}.</translation>
    </message>
    <message>
        <source>There is no model on this computer yet. Run “make setup”, or name a GGUF file or a model&apos;s folder with --model.</source>
        <translation>Auf diesem Computer ist noch kein Modell. „make setup“ ausführen oder mit --model eine GGUF-Datei oder den Ordner eines Modells nennen.</translation>
    </message>
    <message>
        <source>There is no model “{name_or_path}”: it is neither a file nor one of those installed ({names}).</source>
        <translation>Das Modell „{name_or_path}“ gibt es nicht: Es ist weder eine Datei noch eines der installierten ({names}).</translation>
    </message>
    <message>
        <source>There is no object where one must be</source>
        <translation>An einer Stelle fehlt ein Objekt</translation>
    </message>
    <message>
        <source>There is no other version here to go back to.</source>
        <translation>Hier ist keine andere Version, zu der man zurückkehren könnte.</translation>
    </message>
    <message>
        <source>There is no room for this model: {needed:.1f} GB are still to come, and the disk has {free:.1f} GB free. Make room, and let it go on.</source>
        <translation>Für dieses Modell ist kein Platz: {needed:.1f} GB fehlen noch, und der Datenträger hat {free:.1f} GB frei. Platz schaffen und den Download weiterlaufen lassen.</translation>
    </message>
    <message>
        <source>There is no scheme “{weights}”: {known}.</source>
        <translation>Das Schema „{weights}“ gibt es nicht; es gibt: {known}.</translation>
    </message>
    <message>
        <source>There is no whole bundle in {path}.</source>
        <translation>In {path} liegt kein vollständiges Paket.</translation>
    </message>
    <message>
        <source>There is not enough memory for the kernels&apos; threads.</source>
        <translation>Für die Threads der Kernels reicht der Speicher nicht.</translation>
    </message>
    <message>
        <source>There is not enough memory for this model&apos;s work space.</source>
        <translation>Für den Arbeitsbereich dieses Modells reicht der Speicher nicht.</translation>
    </message>
    <message>
        <source>There is not enough memory free to measure this computer’s speed.</source>
        <translation>Es ist nicht genug Speicher frei, um die Geschwindigkeit dieses Computers zu messen.</translation>
    </message>
    <message>
        <source>There is not enough room on the disk: {folder} needs {needed_bytes:,.2f} GB more and {free_bytes:,.2f} GB are free. Make room and start again; what is done is kept.</source>
        <translation>Auf der Festplatte ist nicht genug Platz: {folder} braucht {needed_bytes:,.2f} GB mehr, und {free_bytes:,.2f} GB sind frei. Platz schaffen und neu starten; was fertig ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>There is nothing to bring back.</source>
        <translation>Es gibt nichts zurückzuholen.</translation>
    </message>
    <message>
        <source>There is nothing to time: give prefill or decode tokens.</source>
        <translation>Es gibt nichts zu messen: Tokens für Prefill oder Decode angeben.</translation>
    </message>
    <message>
        <source>This Pitcher runs from its source. Update that, and it is up to date.</source>
        <translation>Dieses Pitcher läuft aus seinem Quelltext. Ist dieser aktuell, so ist es Pitcher auch.</translation>
    </message>
    <message>
        <source>This Pitcher was installed by the system’s package manager, which updates it (apt or dnf).</source>
        <translation>Dieses Pitcher wurde von der Paketverwaltung des Systems installiert, die es auch aktualisiert (apt oder dnf).</translation>
    </message>
    <message>
        <source>This build is not signed: compare the hash of the list with a published one.</source>
        <translation>Dieser Build ist nicht signiert: die Prüfsumme der Liste mit einer veröffentlichten vergleichen.</translation>
    </message>
    <message>
        <source>This build is not signed: it takes no updates. Install a newer one in its place.</source>
        <translation>Diese Fassung ist nicht signiert: Sie nimmt keine Updates an. Eine neuere an ihrer Stelle installieren.</translation>
    </message>
    <message>
        <source>This bundle is signed with a key that is not trusted here. Its fingerprint is {fingerprint}. Compare it with what its maker tells you; if it is the same, trust it with “models key trust”, or for this bundle alone with --trust. Nothing was used of it.</source>
        <translation>Dieses Paket ist mit einem Schlüssel signiert, dem hier nicht vertraut wird. Sein Fingerabdruck ist {fingerprint}. Ihn mit dem vergleichen, was der Absender nennt; ist es derselbe, ihm mit „models key trust“ vertrauen oder nur für dieses Paket mit --trust. Nichts davon wurde verwendet.</translation>
    </message>
    <message>
        <source>This chat has {count:,} bytes, and at most {job_limit_bytes:,} can be turned into a prompt. Start a new chat.</source>
        <translation>Dieser Chat hat {count:,} Bytes, und höchstens {job_limit_bytes:,} lassen sich in eine Eingabe verwandeln. Einen neuen Chat beginnen.</translation>
    </message>
    <message>
        <source>This chat is kept in memory only; it has no file.</source>
        <translation>Dieser Chat liegt nur im Speicher; er hat keine Datei.</translation>
    </message>
    <message>
        <source>This chat was deleted. Nothing else was changed.</source>
        <translation>Dieser Chat wurde gelöscht. Sonst wurde nichts geändert.</translation>
    </message>
    <message>
        <source>This copy goes from one computer to another, and a keyring stays with one: its chats are kept under a passphrase.</source>
        <translation>Diese Kopie geht von einem Computer zum anderen, und ein Schlüsselbund bleibt auf einem: Ihre Chats werden unter einer Passphrase aufbewahrt.</translation>
    </message>
    <message>
        <source>This copy takes no updates.</source>
        <translation>Diese Kopie nimmt keine Updates an.</translation>
    </message>
    <message>
        <source>This disk can’t hold a file as large as the model’s; put the models folder on another one, which is not formatted as FAT32.</source>
        <translation>Dieser Datenträger fasst keine so große Datei wie die des Modells; der Ordner für Modelle gehört auf einen anderen, der nicht mit FAT32 formatiert ist.</translation>
    </message>
    <message>
        <source>This does not fit: beside the card, what every token reads takes more than the {usable:,.1f} GB of memory that can be used.</source>
        <translation>Das passt nicht: Was jedes Token liest, braucht neben der Karte mehr als die {usable:,.1f} GB Arbeitsspeicher, die genutzt werden können.</translation>
    </message>
    <message>
        <source>This file can&apos;t be imported. {place}{what}. Nothing was imported.</source>
        <translation>Diese Datei lässt sich nicht importieren. {place}{what}. Nichts wurde importiert.</translation>
    </message>
    <message>
        <source>This history has no passphrase. Nothing was changed. Try again.</source>
        <translation>Dieser Verlauf hat keine Passphrase. Nichts wurde geändert. Erneut versuchen.</translation>
    </message>
    <message>
        <source>This history was written by a later version of Pitcher (its form is {found}, this one knows {newest}). Nothing was changed; open it with the later version.</source>
        <translation>Diesen Verlauf hat eine spätere Version von Pitcher geschrieben (er hat Form {found}, diese kennt {newest}). Nichts wurde geändert; ihn mit der späteren Version öffnen.</translation>
    </message>
    <message>
        <source>This is no count of experts of this model.</source>
        <translation>Das ist keine Zählung der Experten dieses Modells.</translation>
    </message>
    <message>
        <source>This is no token of the Hub: one begins with hf_, and 20 to 60 letters and digits follow. Nothing was sent.</source>
        <translation>Das ist kein Token des Hubs: Eines beginnt mit hf_, und 20 bis 60 Buchstaben und Ziffern folgen. Es wurde nichts gesendet.</translation>
    </message>
    <message>
        <source>This kernel (without Landlock) can’t keep it from reading other files. It reads none.</source>
        <translation>Dieser Kernel (ohne Landlock) kann ihn nicht daran hindern, andere Dateien zu lesen. Er liest keine.</translation>
    </message>
    <message>
        <source>This kernel cannot filter system calls: the system does not block the network.</source>
        <translation>Dieser Kernel kann Systemaufrufe nicht filtern: Das System blockiert das Netzwerk nicht.</translation>
    </message>
    <message>
        <source>This kernel has no second layer (Landlock): another process&apos;s memory is closed by the system&apos;s ordinary rules alone.</source>
        <translation>Dieser Kernel hat keine zweite Schicht (Landlock): Den Speicher anderer Prozesse verschließen nur die gewöhnlichen Regeln des Systems.</translation>
    </message>
    <message>
        <source>This message was deleted or ended. Nothing else was changed.</source>
        <translation>Diese Nachricht wurde gelöscht oder ist beendet. Sonst wurde nichts geändert.</translation>
    </message>
    <message>
        <source>This message was deleted. Nothing else was changed.</source>
        <translation>Diese Nachricht wurde gelöscht. Sonst wurde nichts geändert.</translation>
    </message>
    <message>
        <source>This model brings no chat template, so it can&apos;t hold a conversation. Choose a chat (or “instruct”) model.</source>
        <translation>Dieses Modell bringt keine Chat-Vorlage mit, kann also kein Gespräch führen. Ein Chat-Modell (oder „Instruct“-Modell) wählen.</translation>
    </message>
    <message>
        <source>This model has no experts to count.</source>
        <translation>Dieses Modell hat keine Experten zu zählen.</translation>
    </message>
    <message>
        <source>This model needs {needed:,.1f} GB of memory; {free:,.1f} GB are free.</source>
        <translation>Dieses Modell braucht {needed:,.1f} GB Arbeitsspeicher; {free:,.1f} GB sind frei.</translation>
    </message>
    <message>
        <source>This model needs {needed:,.1f} GB of memory; {free:,.1f} GB are free. It runs all the same, slowly: some of its experts are read from the disk for every token.</source>
        <translation>Dieses Modell braucht {needed:,.1f} GB Arbeitsspeicher; {free:,.1f} GB sind frei. Es läuft trotzdem, langsam: Einige seiner Experten werden für jedes Token von der Platte gelesen.</translation>
    </message>
    <message>
        <source>This model needs {needed:,.1f} GB on the disk, for the download and the prepared copy; {missing:,.1f} GB are missing.</source>
        <translation>Dieses Modell braucht {needed:,.1f} GB auf der Platte, für den Download und die vorbereitete Kopie; {missing:,.1f} GB fehlen.</translation>
    </message>
    <message>
        <source>This preset was deleted. Nothing else was changed.</source>
        <translation>Diese Voreinstellung wurde gelöscht. Sonst wurde nichts geändert.</translation>
    </message>
    <message>
        <source>This processor can&apos;t run the kernels for {wanted}: {missing}.</source>
        <translation>Dieser Prozessor kann die Kernels für {wanted} nicht ausführen: {missing}.</translation>
    </message>
    <message>
        <source>This processor can&apos;t run the native kernels: {lacking}.</source>
        <translation>Dieser Prozessor kann die nativen Kernels nicht ausführen: {lacking}.</translation>
    </message>
    <message>
        <source>This question is not in the history, so nothing can be added to it.</source>
        <translation>Diese Frage steht nicht im Verlauf, also lässt sich ihr nichts anfügen.</translation>
    </message>
    <message>
        <source>This start of Pitcher has no way to download: the system can’t hold the process that would do it to its task, or that way was closed. Import a bundle, or use files that you have.</source>
        <translation>Von diesem Start aus lässt sich nichts herunterladen: Das System kann den Prozess, der es täte, nicht auf seine Aufgabe beschränken, oder der Weg zu ihm wurde geschlossen. Ein Paket importieren oder vorhandene Dateien verwenden.</translation>
    </message>
    <message>
        <source>This update is for {system} on {architecture}, this computer is {here} on {processor}. Get the update for it.</source>
        <translation>Dieses Update ist für {system} auf {architecture}, dieser Computer ist {here} auf {processor}. Das Update dafür besorgen.</translation>
    </message>
    <message>
        <source>This update is signed by another key than this Pitcher’s. Nothing of it was used. It is signed by {signer}; updates of this copy are signed by {own}. Get the update from whoever this Pitcher came from.</source>
        <translation>Dieses Update ist mit einem anderen Schlüssel signiert als dem dieses Pitchers. Nichts davon wurde verwendet. Es ist signiert mit {signer}; Updates dieser Kopie sind signiert mit {own}. Das Update dort besorgen, woher dieses Pitcher kam.</translation>
    </message>
    <message>
        <source>This update is version {version}, older than {current}, which is installed. Nothing was changed. An older one brings back faults that were mended since; --allow-downgrade takes it all the same.</source>
        <translation>Dieses Update ist Version {version}, älter als {current}, die installiert ist. Nichts wurde geändert. Eine ältere bringt Fehler zurück, die seither behoben wurden; --allow-downgrade nimmt sie dennoch.</translation>
    </message>
    <message>
        <source>This update needs version {needed} of the C library (glibc), this computer has {found}. Bring the system up to date first.</source>
        <translation>Dieses Update braucht Version {needed} der C-Bibliothek (glibc), dieser Computer hat {found}. Zuerst das System auf den neuesten Stand bringen.</translation>
    </message>
    <message>
        <source>Through</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>Token id {wrong} is outside the vocabulary of {vocab_size:,}.</source>
        <translation>Die Token-Nummer {wrong} liegt außerhalb des Vokabulars von {vocab_size:,}.</translation>
    </message>
    <message>
        <source>Token sent</source>
        <translation>Mit Token</translation>
    </message>
    <message>
        <source>Too many levels of symbolic links</source>
        <translation>Zu viele Verweise führen aufeinander</translation>
    </message>
    <message>
        <source>Too many links</source>
        <translation>Zu viele Verweise</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>Zu viele offene Dateien</translation>
    </message>
    <message>
        <source>Too many open files in system</source>
        <translation>Zu viele offene Dateien im System</translation>
    </message>
    <message>
        <source>Transport endpoint is not connected</source>
        <translation>Das Laufwerk ist nicht verbunden</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Try again once your keyring runs</source>
        <translation>Erneut versuchen, sobald der Schlüsselbund läuft</translation>
    </message>
    <message>
        <source>Two files of {repository} have one name on many systems. Nothing was fetched.</source>
        <translation>Zwei Dateien von {repository} haben auf vielen Systemen denselben Namen. Es wurde nichts geholt.</translation>
    </message>
    <message>
        <source>Two messages have the number {number}</source>
        <translation>Zwei Nachrichten haben die Nummer {number}</translation>
    </message>
    <message>
        <source>Two {what} have one number</source>
        <translation>Eine Nummer kommt zweimal vor ({what})</translation>
    </message>
    <message>
        <source>UDP over IPv6</source>
        <translation>UDP über IPv6</translation>
    </message>
    <message>
        <source>Unlock it</source>
        <translation>Ihn entsperren</translation>
    </message>
    <message>
        <source>Unlock it, then try again</source>
        <translation>Ihn entsperren, dann erneut versuchen</translation>
    </message>
    <message>
        <source>Unpacking the update</source>
        <translation>Update wird entpackt</translation>
    </message>
    <message>
        <source>Updates are off, as set by your organisation in {file}. Nothing was changed.</source>
        <translation>Updates sind aus, von der Organisation festgelegt in {file}. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Verifying</source>
        <translation>Überprüfen</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Fassung</translation>
    </message>
    <message>
        <source>Version {fallen} did not start, twice, and was left: version {version} is in use again. Tell whoever gave you the update.</source>
        <translation>Version {fallen} ist zweimal nicht gestartet und wurde verlassen: Version {version} ist wieder in Gebrauch. Denen Bescheid geben, von denen das Update kam.</translation>
    </message>
    <message>
        <source>Version {version} can’t read the chats as they are kept now. It leaves them as they are, and offers the backup that was made when their form changed (also: pitcher chats restore); what was written since comes back with the later version.</source>
        <translation>Version {version} kann die Chats nicht lesen, wie sie jetzt aufbewahrt werden. Sie lässt sie, wie sie sind, und bietet die Sicherung an, die gemacht wurde, als sich ihre Form änderte (auch: pitcher chats restore); was seither geschrieben wurde, kommt mit der späteren Version wieder.</translation>
    </message>
    <message>
        <source>Version {version} is installed already. Nothing was changed.</source>
        <translation>Version {version} ist schon installiert. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Version {version} is open just now, and would lose its files. Close it, then try again; nothing was changed.</source>
        <translation>Version {version} ist gerade geöffnet und verlöre ihre Dateien. Sie schließen, dann erneut versuchen; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Waiting for the keyring</source>
        <translation>Warten auf den Schlüsselbund</translation>
    </message>
    <message>
        <source>Wayland display</source>
        <translation>Wayland-Anzeige</translation>
    </message>
    <message>
        <source>Weights can&apos;t be quantized here. {error}</source>
        <translation>Gewichte lassen sich hier nicht quantisieren. {error}</translation>
    </message>
    <message>
        <source>What can be read of the history could not be brought back</source>
        <translation>Was sich vom Verlauf lesen lässt, ließ sich nicht zurückholen</translation>
    </message>
    <message>
        <source>What descriptor {descriptor} gives is not UTF-8 text.</source>
        <translation>Was der Deskriptor {descriptor} liefert, ist kein Text in UTF-8.</translation>
    </message>
    <message>
        <source>What descriptor {descriptor} gives is too long for a passphrase.</source>
        <translation>Was der Deskriptor {descriptor} liefert, ist zu lang für eine Passphrase.</translation>
    </message>
    <message>
        <source>What was left of a backup could not be deleted</source>
        <translation>Was von einer Sicherung übrig war, ließ sich nicht löschen</translation>
    </message>
    <message>
        <source>What was wiped is gone; the rest follows at the next start.</source>
        <translation>Was gelöscht wurde, ist weg; der Rest folgt beim nächsten Start.</translation>
    </message>
    <message>
        <source>What {host} sends for {file} is not what the hub’s own record names, twice over. It was thrown away. Somebody may have changed it on its way; try again later, or without the mirror or proxy.</source>
        <translation>Was {host} für {file} sendet, ist auch beim zweiten Mal nicht, was der Hub selbst dafür verzeichnet. Es wurde weggeworfen. Jemand kann es unterwegs verändert haben; später noch einmal versuchen, oder ohne den Spiegel oder Proxy.</translation>
    </message>
    <message>
        <source>With its prepared copy</source>
        <translation>Mit der vorbereiteten Kopie</translation>
    </message>
    <message>
        <source>Writing the bundle</source>
        <translation>Paket wird geschrieben</translation>
    </message>
    <message>
        <source>X11 display</source>
        <translation>X11-Anzeige</translation>
    </message>
    <message>
        <source>Your organisation allows no model, in {file}.</source>
        <translation>Die Organisation erlaubt kein Modell, festgelegt in {file}.</translation>
    </message>
    <message>
        <source>Your organisation does not allow this model. Nothing was downloaded.</source>
        <translation>Die Organisation lässt dieses Modell nicht zu. Nichts wurde heruntergeladen.</translation>
    </message>
    <message>
        <source>a boolean</source>
        <translation>ein Wahrheitswert</translation>
    </message>
    <message>
        <source>a column&apos;s weight is negative or not finite, or all of them are 0</source>
        <translation>das Gewicht einer Spalte ist negativ oder nicht endlich, oder alle sind 0</translation>
    </message>
    <message>
        <source>a feed-forward of {width:,} values</source>
        <translation>ein Feed-Forward von {width:,} Werten</translation>
    </message>
    <message>
        <source>a feed-forward with biases</source>
        <translation>ein Feed-Forward mit Biases</translation>
    </message>
    <message>
        <source>a list of {words}</source>
        <translation>eine Liste von {words}</translation>
    </message>
    <message>
        <source>a member has no name</source>
        <translation>ein Eintrag hat keinen Namen</translation>
    </message>
    <message>
        <source>a member is named twice</source>
        <translation>ein Eintrag steht zweimal da</translation>
    </message>
    <message>
        <source>a method that is not safe is called</source>
        <translation>eine unsichere Methode wird aufgerufen</translation>
    </message>
    <message>
        <source>a name has {size:,} bytes; {most_bytes:,} are read</source>
        <translation>ein Name hat {size:,} Bytes; gelesen werden {most_bytes:,}</translation>
    </message>
    <message>
        <source>a name in {where}</source>
        <translation>ein Name in {where}</translation>
    </message>
    <message>
        <source>a name look-up by the kernel</source>
        <translation>eine Namensauflösung durch den Kernel</translation>
    </message>
    <message>
        <source>a network drive</source>
        <translation>ein Netzlaufwerk</translation>
    </message>
    <message>
        <source>a network file system</source>
        <translation>ein Netzwerk-Dateisystem</translation>
    </message>
    <message>
        <source>a network volume</source>
        <translation>ein Netzwerk-Volume</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>a step asks torch for {operation}, which is no launch</source>
        <translation>ein Ablauf verlangt von torch {operation}, und das ist kein Kernelstart</translation>
    </message>
    <message>
        <source>a string</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a tensor has no name</source>
        <translation>ein Tensor hat keinen Namen</translation>
    </message>
    <message>
        <source>a text has no end</source>
        <translation>ein Text hat kein Ende</translation>
    </message>
    <message>
        <source>a text holds a control character or an unknown escape</source>
        <translation>ein Text enthält ein Steuerzeichen oder eine unbekannte Umschreibung</translation>
    </message>
    <message>
        <source>a text is too long</source>
        <translation>ein Text ist zu lang</translation>
    </message>
    <message>
        <source>a text of {length:,} bytes is more than is read</source>
        <translation>ein Text von {length:,} Bytes ist mehr, als gelesen wird</translation>
    </message>
    <message>
        <source>a tunnel interface</source>
        <translation>eine Tunnelschnittstelle</translation>
    </message>
    <message>
        <source>a value is missing or misspelt</source>
        <translation>ein Wert fehlt oder ist falsch geschrieben</translation>
    </message>
    <message>
        <source>a value is not a number, or infinite</source>
        <translation>ein Wert ist keine Zahl oder unendlich</translation>
    </message>
    <message>
        <source>a value of at most {most_bytes:,} bytes</source>
        <translation>ein Wert von höchstens {most_bytes:,} Bytes</translation>
    </message>
    <message>
        <source>about {size}</source>
        <translation>etwa {size}</translation>
    </message>
    <message>
        <source>about {size} in 4 bits, more in 6 or 8</source>
        <translation>etwa {size} mit 4 Bits, mehr mit 6 oder 8</translation>
    </message>
    <message>
        <source>all of it came, and not the part that was asked for</source>
        <translation>es kam die ganze Datei statt des angefragten Teils</translation>
    </message>
    <message>
        <source>an array of integers</source>
        <translation>ein Array ganzer Zahlen</translation>
    </message>
    <message>
        <source>an array of numbers</source>
        <translation>ein Array von Zahlen</translation>
    </message>
    <message>
        <source>an array of strings</source>
        <translation>ein Array von Texten</translation>
    </message>
    <message>
        <source>an integer</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>ein Objekt</translation>
    </message>
    <message>
        <source>an object of strings</source>
        <translation>ein Objekt aus Texten</translation>
    </message>
    <message>
        <source>another one</source>
        <translation>eine andere</translation>
    </message>
    <message>
        <source>another process&apos;s memory as a file</source>
        <translation>den Speicher eines anderen Prozesses als Datei</translation>
    </message>
    <message>
        <source>arrays of arrays are not read</source>
        <translation>Arrays von Arrays werden nicht gelesen</translation>
    </message>
    <message>
        <source>byte {number}</source>
        <translation>Byte {number}</translation>
    </message>
    <message>
        <source>chats</source>
        <translation>Chats</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>war nicht lesbar</translation>
    </message>
    <message>
        <source>cuts text</source>
        <translation>zerlegt Text</translation>
    </message>
    <message>
        <source>descriptor {number}: {target} (Unix socket)</source>
        <translation>Deskriptor {number}: {target} (Unix-Socket)</translation>
    </message>
    <message>
        <source>descriptor {number}: {target} reaches the network</source>
        <translation>Deskriptor {number}: {target} erreicht das Netzwerk</translation>
    </message>
    <message>
        <source>element {count:,} has {length:,} bytes, more than is there</source>
        <translation>Element {count:,} hat {length:,} Bytes, mehr als da sind</translation>
    </message>
    <message>
        <source>element {count:,} is not UTF-8</source>
        <translation>Element {count:,} ist kein UTF-8</translation>
    </message>
    <message>
        <source>every door</source>
        <translation>jede Tür</translation>
    </message>
    <message>
        <source>every layer must be full_attention</source>
        <translation>jede Schicht muss full_attention sein</translation>
    </message>
    <message>
        <source>every other address family up to {most}</source>
        <translation>jede weitere Adressfamilie bis {most}</translation>
    </message>
    <message>
        <source>experts of one layer have one width, not {widths}</source>
        <translation>Experten einer Schicht haben eine Breite, nicht {widths}</translation>
    </message>
    <message>
        <source>frequency penalty must be -10 to 10</source>
        <translation>Die Häufigkeitsstrafe muss zwischen -10 und 10 liegen</translation>
    </message>
    <message>
        <source>group_limited_greedy needs n_group and topk_group</source>
        <translation>group_limited_greedy braucht n_group und topk_group</translation>
    </message>
    <message>
        <source>groups of one expert have no two best</source>
        <translation>Gruppen mit einem Experten haben keine zwei besten</translation>
    </message>
    <message>
        <source>has more than {most:,} items</source>
        <translation>hat mehr als {most:,} Elemente</translation>
    </message>
    <message>
        <source>has more than {most_chars:,} characters</source>
        <translation>hat mehr als {most_chars:,} Zeichen</translation>
    </message>
    <message>
        <source>has {length_bytes:,} bytes, {longest_path_bytes} are the most</source>
        <translation>hat {length_bytes:,} Bytes, höchstens {longest_path_bytes} dürfen es sein</translation>
    </message>
    <message>
        <source>heads of {head_dim} values</source>
        <translation>Köpfe von {head_dim} Werten</translation>
    </message>
    <message>
        <source>heads of {rope_dim} values can&apos;t be turned in pairs</source>
        <translation>Köpfe von {rope_dim} Werten lassen sich nicht paarweise drehen</translation>
    </message>
    <message>
        <source>holds half a character</source>
        <translation>enthält ein halbes Zeichen</translation>
    </message>
    <message>
        <source>id</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>in a child: {attempt}</source>
        <translation>in einem Kindprozess: {attempt}</translation>
    </message>
    <message>
        <source>in a thread: {attempt}</source>
        <translation>in einem Thread: {attempt}</translation>
    </message>
    <message>
        <source>integers</source>
        <translation>ganzen Zahlen</translation>
    </message>
    <message>
        <source>io_uring on an existing ring</source>
        <translation>io_uring auf einem bestehenden Ring</translation>
    </message>
    <message>
        <source>io_uring registration</source>
        <translation>Anmeldung bei io_uring</translation>
    </message>
    <message>
        <source>is missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>is neither true nor false</source>
        <translation>ist weder wahr noch falsch</translation>
    </message>
    <message>
        <source>is none of text, reasoning, attachment</source>
        <translation>ist keines von: text, reasoning, attachment</translation>
    </message>
    <message>
        <source>is none of {known}</source>
        <translation>ist keines von: {known}</translation>
    </message>
    <message>
        <source>is not UTF-8</source>
        <translation>ist kein UTF-8</translation>
    </message>
    <message>
        <source>is not a text</source>
        <translation>ist kein Text</translation>
    </message>
    <message>
        <source>is not a whole number from 0 to {most}</source>
        <translation>ist keine ganze Zahl von 0 bis {most}</translation>
    </message>
    <message>
        <source>is not an array</source>
        <translation>ist kein Array</translation>
    </message>
    <message>
        <source>is null</source>
        <translation>ist null</translation>
    </message>
    <message>
        <source>it came compressed</source>
        <translation>sie kam komprimiert</translation>
    </message>
    <message>
        <source>it counts {count:,} elements; the file has room for {room:,}</source>
        <translation>es zählt {count:,} Elemente; die Datei hat Platz für {room:,}</translation>
    </message>
    <message>
        <source>it does not list the tensors that the manifest does</source>
        <translation>hier stehen nicht die Tensoren, die das Manifest nennt</translation>
    </message>
    <message>
        <source>it does not name {file} beside it</source>
        <translation>hier ist {file} nicht genannt, das daneben liegt</translation>
    </message>
    <message>
        <source>it does not say dtype, shape and data_offsets, and these alone</source>
        <translation>hier stehen nicht dtype, shape und data_offsets, und nur diese</translation>
    </message>
    <message>
        <source>it does not say where its next page begins</source>
        <translation>sie sagt nicht, wo ihre nächste Seite beginnt</translation>
    </message>
    <message>
        <source>it gives no size or hash of “{path}”</source>
        <translation>sie nennt für „{path}“ keine Größe oder keinen Hash</translation>
    </message>
    <message>
        <source>it has more than {most:,} parts</source>
        <translation>es hat mehr als {most:,} Teile</translation>
    </message>
    <message>
        <source>it has no name</source>
        <translation>der Name fehlt</translation>
    </message>
    <message>
        <source>it has {count:,} bytes; up to {most_index_bytes:,} are read</source>
        <translation>es sind {count:,} Bytes; gelesen werden bis {most_index_bytes:,}</translation>
    </message>
    <message>
        <source>it has {count:,} bytes; {size:,} were written</source>
        <translation>es sind {count:,} Bytes; geschrieben wurden {size:,}</translation>
    </message>
    <message>
        <source>it has {count:,} characters</source>
        <translation>es sind {count:,} Zeichen</translation>
    </message>
    <message>
        <source>it has {count:,} digits</source>
        <translation>es sind {count:,} Ziffern</translation>
    </message>
    <message>
        <source>it has {count:,} elements; {most_elements:,} are read</source>
        <translation>es sind {count:,} Elemente; gelesen werden {most_elements:,}</translation>
    </message>
    <message>
        <source>it has {count:,} entries</source>
        <translation>sie hat {count:,} Einträge</translation>
    </message>
    <message>
        <source>it has {count:,} files; 1 to {most:,} can be</source>
        <translation>es hat {count:,} Dateien; möglich sind 1 bis {most:,}</translation>
    </message>
    <message>
        <source>it has {count} dimensions; 8 at most are possible</source>
        <translation>es sind {count} Dimensionen; höchstens 8 sind möglich</translation>
    </message>
    <message>
        <source>it has {dimensions} dimensions; 1 to 4 are possible</source>
        <translation>es sind {dimensions} Dimensionen; möglich sind 1 bis 4</translation>
    </message>
    <message>
        <source>it has {size:,} bytes; up to {most_bytes:,} are read</source>
        <translation>es sind {size:,} Bytes; gelesen werden bis {most_bytes:,}</translation>
    </message>
    <message>
        <source>it has {there} of {size}: copy or prepare it again</source>
        <translation>es sind {there} von {size}: neu kopieren oder vorbereiten</translation>
    </message>
    <message>
        <source>it holds more than {most_entries:,} files; name the model&apos;s</source>
        <translation>hier liegen mehr als {most_entries:,} Dateien; die des Modells nennen</translation>
    </message>
    <message>
        <source>it holds more than {most_tensors:,} tensors</source>
        <translation>es sind mehr als {most_tensors:,} Tensoren</translation>
    </message>
    <message>
        <source>it holds no certificates in PEM form</source>
        <translation>sie enthält keine Zertifikate in PEM-Form</translation>
    </message>
    <message>
        <source>it holds safetensors and {file}; name the file to open</source>
        <translation>hier liegen safetensors und {file}; die Datei nennen, die geöffnet werden soll</translation>
    </message>
    <message>
        <source>it holds {count} GGUF models ({file}, …); name one of them</source>
        <translation>hier liegen {count} GGUF-Modelle ({file}, …); eines davon nennen</translation>
    </message>
    <message>
        <source>it holds {count} safetensors files and no index ({one}, {other}, …); name the one to open</source>
        <translation>hier liegen {count} safetensors-Dateien und kein Index ({one}, {other}, …); die nennen, die geöffnet werden soll</translation>
    </message>
    <message>
        <source>it holds {single_name} and an index of other files; name the one to open</source>
        <translation>hier liegen {single_name} und ein Index anderer Dateien; nennen, was geöffnet werden soll</translation>
    </message>
    <message>
        <source>it is a file and a folder</source>
        <translation>es ist eine Datei und ein Ordner</translation>
    </message>
    <message>
        <source>it is below 0</source>
        <translation>der Wert liegt unter 0</translation>
    </message>
    <message>
        <source>it is compressed, which was not asked for</source>
        <translation>sie ist komprimiert, was nicht angefragt war</translation>
    </message>
    <message>
        <source>it is in {fp8} and its scales ({scale}) are missing</source>
        <translation>die Werte sind in {fp8}, und die Skalen dazu ({scale}) fehlen</translation>
    </message>
    <message>
        <source>it is larger than 64 KB</source>
        <translation>sie ist größer als 64 KB</translation>
    </message>
    <message>
        <source>it is larger than any such file</source>
        <translation>größer als jede solche Datei</translation>
    </message>
    <message>
        <source>it is nested deeper than {most_depth} levels</source>
        <translation>es ist tiefer als {most_depth} Ebenen verschachtelt</translation>
    </message>
    <message>
        <source>it is nested too deep</source>
        <translation>es ist zu tief verschachtelt</translation>
    </message>
    <message>
        <source>it is no SHA-256</source>
        <translation>es ist kein SHA-256</translation>
    </message>
    <message>
        <source>it is no address of a page</source>
        <translation>das ist keine Adresse einer Seite</translation>
    </message>
    <message>
        <source>it is no entry of a model</source>
        <translation>es ist kein Eintrag eines Modells</translation>
    </message>
    <message>
        <source>it is no ordinary file</source>
        <translation>sie ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>it is no plain name of a folder</source>
        <translation>das ist kein einfacher Name eines Ordners</translation>
    </message>
    <message>
        <source>it is no plain path</source>
        <translation>es ist kein einfacher Pfad</translation>
    </message>
    <message>
        <source>it is no shape of a vector, a matrix or a stack</source>
        <translation>es ist keine Form eines Vektors, einer Matrix oder eines Stapels</translation>
    </message>
    <message>
        <source>it is no short line of text</source>
        <translation>das ist keine kurze Textzeile</translation>
    </message>
    <message>
        <source>it is no version</source>
        <translation>es ist keine Version</translation>
    </message>
    <message>
        <source>it is not JSON</source>
        <translation>sie ist kein JSON</translation>
    </message>
    <message>
        <source>it is not TOML: {error}</source>
        <translation>sie ist kein TOML: {error}</translation>
    </message>
    <message>
        <source>it is not UTF-8</source>
        <translation>es ist kein UTF-8</translation>
    </message>
    <message>
        <source>it is not UTF-8 text</source>
        <translation>sie ist kein Text in UTF-8</translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation>es ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>it is not a file</source>
        <translation>es ist keine Datei</translation>
    </message>
    <message>
        <source>it is not a list of {words}</source>
        <translation>es ist keine Liste von {words}</translation>
    </message>
    <message>
        <source>it is not a table of settings</source>
        <translation>es ist keine Tabelle von Einstellungen</translation>
    </message>
    <message>
        <source>it is not an array of integers</source>
        <translation>es ist kein Array ganzer Zahlen</translation>
    </message>
    <message>
        <source>it is not an integer</source>
        <translation>es ist keine ganze Zahl</translation>
    </message>
    <message>
        <source>it is not as it was written: the file is damaged</source>
        <translation>es ist nicht, wie es geschrieben wurde: Die Datei ist beschädigt</translation>
    </message>
    <message>
        <source>it is not as long as the tensors that the manifest lists</source>
        <translation>die Länge passt nicht zu den Tensoren, die das Manifest nennt</translation>
    </message>
    <message>
        <source>it is not as many hexadecimal digits as it must be</source>
        <translation>das sind nicht so viele hexadezimale Ziffern, wie es sein müssen</translation>
    </message>
    <message>
        <source>it is not between 0 and {most:,}</source>
        <translation>es liegt nicht zwischen 0 und {most:,}</translation>
    </message>
    <message>
        <source>it is not root’s</source>
        <translation>sie gehört nicht root</translation>
    </message>
    <message>
        <source>it is not sound JSON: {error}</source>
        <translation>es ist kein gültiges JSON: {error}</translation>
    </message>
    <message>
        <source>it is not sound JSON: {wanted} is expected at byte {at:,}</source>
        <translation>es ist kein gültiges JSON: {wanted} wird bei Byte {at:,} erwartet</translation>
    </message>
    <message>
        <source>it is not such a file</source>
        <translation>es ist keine solche Datei</translation>
    </message>
    <message>
        <source>it is not what such a field holds</source>
        <translation>es ist nicht, was ein solches Feld enthält</translation>
    </message>
    <message>
        <source>it is not {weights_name}</source>
        <translation>es ist nicht {weights_name}</translation>
    </message>
    <message>
        <source>it is not {words}</source>
        <translation>erwartet wird: {words}</translation>
    </message>
    <message>
        <source>it is not “{format}”</source>
        <translation>es ist nicht „{format}“</translation>
    </message>
    <message>
        <source>it is part {number:,} of {count:,}, and its name must end in -{number:05}-of-{count:05}.gguf for the others to be found</source>
        <translation>es ist Teil {number:,} von {count:,}, und der Name muss auf -{number:05}-of-{count:05}.gguf enden, damit die anderen gefunden werden</translation>
    </message>
    <message>
        <source>it is there twice</source>
        <translation>es ist zweimal da</translation>
    </message>
    <message>
        <source>it is too long, or holds signs that no address has</source>
        <translation>sie ist zu lang oder enthält Zeichen, die keine Adresse hat</translation>
    </message>
    <message>
        <source>it is too small</source>
        <translation>es ist zu klein</translation>
    </message>
    <message>
        <source>it leads from a protected connection to an open one</source>
        <translation>sie führt von einer geschützten Verbindung auf eine offene</translation>
    </message>
    <message>
        <source>it leads to no file of the update</source>
        <translation>es führt zu keiner Datei des Updates</translation>
    </message>
    <message>
        <source>it lies over {before}</source>
        <translation>es liegt über: {before}</translation>
    </message>
    <message>
        <source>it lists “{path}” twice</source>
        <translation>sie führt „{path}“ zweimal auf</translation>
    </message>
    <message>
        <source>it must say dense or sparse for every layer</source>
        <translation>für jede Schicht muss dense oder sparse dastehen</translation>
    </message>
    <message>
        <source>it names more than {most_tensors:,} tensors</source>
        <translation>es nennt mehr als {most_tensors:,} Tensoren</translation>
    </message>
    <message>
        <source>it names no commit of {repository}</source>
        <translation>sie nennt keinen Commit von {repository}</translation>
    </message>
    <message>
        <source>it names no host, or a user</source>
        <translation>sie nennt keinen Host, oder ein Konto dazu</translation>
    </message>
    <message>
        <source>it names no tensor</source>
        <translation>es nennt keinen Tensor</translation>
    </message>
    <message>
        <source>it needs {count:,} bytes and the file ends after {left:,}, inside its header: the download is not complete, or the file is damaged</source>
        <translation>nötig sind {count:,} Bytes, und die Datei endet nach {left:,}, noch im Kopf: Das Herunterladen ist unvollständig, oder die Datei ist beschädigt</translation>
    </message>
    <message>
        <source>it needs {length:,} bytes and the file ends after {left:,}: the download is not complete, or the file is damaged</source>
        <translation>nötig sind {length:,} Bytes, und die Datei endet nach {left:,}: Das Herunterladen ist unvollständig, oder die Datei ist beschädigt</translation>
    </message>
    <message>
        <source>it only counts experts</source>
        <translation>es zählt nur Experten</translation>
    </message>
    <message>
        <source>it only divides experts between a card and the processor</source>
        <translation>es teilt nur Experten zwischen einer Karte und dem Prozessor auf</translation>
    </message>
    <message>
        <source>it reads {count} FP8 values at once, and rows are no multiple of it</source>
        <translation>es liest {count} FP8-Werte auf einmal, und die Zeilen sind kein Vielfaches davon</translation>
    </message>
    <message>
        <source>it rounds what it multiplies quantized weights by</source>
        <translation>es rundet, womit quantisierte Gewichte multipliziert werden</translation>
    </message>
    <message>
        <source>it runs inside a plan, as a part of attention</source>
        <translation>es läuft in einem Plan, als Teil der Attention</translation>
    </message>
    <message>
        <source>it runs inside a plan, with a cache of its own</source>
        <translation>es läuft in einem Plan, mit eigenem Cache</translation>
    </message>
    <message>
        <source>it runs inside a plan; alone, torch&apos;s costs less</source>
        <translation>es läuft in einem Plan; allein ist torch günstiger</translation>
    </message>
    <message>
        <source>it runs inside the op of experts</source>
        <translation>es läuft in der Operation der Experten</translation>
    </message>
    <message>
        <source>it says nothing of {name}</source>
        <translation>sie sagt nichts über {name}</translation>
    </message>
    <message>
        <source>it says {found:,}; as a part beside {file}, {wanted:,}</source>
        <translation>es sagt {found:,}; als Teil neben {file} müsste es {wanted:,} sagen</translation>
    </message>
    <message>
        <source>it says {told:,}, and the parts hold {count:,}</source>
        <translation>es sagt {told:,}, und die Teile enthalten {count:,}</translation>
    </message>
    <message>
        <source>it was another part than asked for</source>
        <translation>es war ein anderer Teil als angefragt</translation>
    </message>
    <message>
        <source>it was longer or shorter than asked for</source>
        <translation>sie war länger oder kürzer als angefragt</translation>
    </message>
    <message>
        <source>its bytes {start:,} to {stop:,} are not as they were written: the file is damaged; copy or prepare it again</source>
        <translation>die Bytes {start:,} bis {stop:,} sind nicht, wie sie geschrieben wurden: Die Datei ist beschädigt; sie neu kopieren oder vorbereiten</translation>
    </message>
    <message>
        <source>its data_offsets {offsets} are no range</source>
        <translation>die data_offsets {offsets} sind kein Bereich</translation>
    </message>
    <message>
        <source>its folder is there twice, in other letters</source>
        <translation>sein Ordner ist zweimal da, anders geschrieben</translation>
    </message>
    <message>
        <source>its form</source>
        <translation>die Form</translation>
    </message>
    <message>
        <source>its host has no plain name</source>
        <translation>ihr Host hat keinen einfachen Namen</translation>
    </message>
    <message>
        <source>its kernels are not compiled for heads of {first} and {second} values</source>
        <translation>seine Kernels sind nicht für Köpfe mit {first} und {second} Werten übersetzt</translation>
    </message>
    <message>
        <source>its kernels are not compiled for such a card</source>
        <translation>seine Kernel sind für eine solche Karte nicht übersetzt</translation>
    </message>
    <message>
        <source>its length</source>
        <translation>die Länge</translation>
    </message>
    <message>
        <source>its list has more than {most:,} files or no end</source>
        <translation>ihre Liste hat mehr als {most:,} Dateien oder kein Ende</translation>
    </message>
    <message>
        <source>its list of files holds something else</source>
        <translation>ihre Liste von Dateien enthält etwas anderes</translation>
    </message>
    <message>
        <source>its list of files is none</source>
        <translation>ihre Liste von Dateien ist keine</translation>
    </message>
    <message>
        <source>its offset {offset:,} is not a multiple of {alignment}</source>
        <translation>der Versatz {offset:,} ist kein Vielfaches von {alignment}</translation>
    </message>
    <message>
        <source>its outermost part</source>
        <translation>der äußerste Teil</translation>
    </message>
    <message>
        <source>its pieces are not all of the tensor</source>
        <translation>die Stücke sind nicht der ganze Tensor</translation>
    </message>
    <message>
        <source>its rows are not whole blocks</source>
        <translation>die Zeilen sind keine ganzen Blöcke</translation>
    </message>
    <message>
        <source>its shape is {shape}; a weight of {weight} asks for {wanted}</source>
        <translation>die Form ist {shape}; ein Gewicht von {weight} verlangt {wanted}</translation>
    </message>
    <message>
        <source>its shape is {shape}; the configuration asks for {wanted}</source>
        <translation>die Form ist {shape}; die Konfiguration verlangt {wanted}</translation>
    </message>
    <message>
        <source>its shape is {shape}; the model asks for {wanted}</source>
        <translation>die Form ist {shape}; das Modell verlangt {wanted}</translation>
    </message>
    <message>
        <source>its shape {shape} holds a zero</source>
        <translation>die Form {shape} enthält eine Null</translation>
    </message>
    <message>
        <source>its text would take more memory than twice the file</source>
        <translation>der Text bräuchte mehr Speicher als die doppelte Datei</translation>
    </message>
    <message>
        <source>its values are of type {scheme}; expected one of {known}</source>
        <translation>die Werte sind vom Typ {scheme}; erwartet wird einer von {known}</translation>
    </message>
    <message>
        <source>its weights are pickles, which may hold code and are never read</source>
        <translation>die Gewichte sind Pickles, die Code enthalten können und nie gelesen werden</translation>
    </message>
    <message>
        <source>its writing</source>
        <translation>die Schreibweise</translation>
    </message>
    <message>
        <source>its {field} holds something else than 0 to 2^40</source>
        <translation>{field} enthält anderes als 0 bis 2^40</translation>
    </message>
    <message>
        <source>its {field} is no list</source>
        <translation>{field} ist keine Liste</translation>
    </message>
    <message>
        <source>kernel crypto</source>
        <translation>Kryptografie des Kernels</translation>
    </message>
    <message>
        <source>latents of {latent} values</source>
        <translation>Latents von {latent} Werten</translation>
    </message>
    <message>
        <source>latents that are not a multiple of 16 wide</source>
        <translation>Latents, deren Breite kein Vielfaches von 16 ist</translation>
    </message>
    <message>
        <source>layer {index} has {reason}</source>
        <translation>Schicht {index} hat {reason}</translation>
    </message>
    <message>
        <source>line {line}: {why}</source>
        <translation>Zeile {line}: {why}</translation>
    </message>
    <message>
        <source>llama models with experts do not run</source>
        <translation>llama-Modelle mit Experten laufen nicht</translation>
    </message>
    <message>
        <source>merges</source>
        <translation>Verschmelzungen</translation>
    </message>
    <message>
        <source>min-p must be between 0 and 1</source>
        <translation>Min-p muss zwischen 0 und 1 liegen</translation>
    </message>
    <message>
        <source>mlp_only_layers names a layer that is not there.</source>
        <translation>mlp_only_layers nennt eine Schicht, die es nicht gibt.</translation>
    </message>
    <message>
        <source>move {folder} away to begin anew</source>
        <translation>{folder} wegschieben, um neu zu beginnen</translation>
    </message>
    <message>
        <source>name resolver of systemd</source>
        <translation>Namensauflösung von systemd</translation>
    </message>
    <message>
        <source>neither a header nor a configuration</source>
        <translation>weder ein Kopf noch eine Konfiguration</translation>
    </message>
    <message>
        <source>no NVIDIA driver is installed</source>
        <translation>kein NVIDIA-Treiber ist installiert</translation>
    </message>
    <message>
        <source>no backend is there</source>
        <translation>kein Backend ist da</translation>
    </message>
    <message>
        <source>no kernel {kernel} was compiled for compute capability {capability}</source>
        <translation>für Compute Capability {capability} wurde kein Kernel {kernel} übersetzt</translation>
    </message>
    <message>
        <source>no kernels were compiled for {card} ({have})</source>
        <translation>für {card} ({have}) wurden keine Kernels übersetzt</translation>
    </message>
    <message>
        <source>no reason was given</source>
        <translation>ein Grund wurde nicht genannt</translation>
    </message>
    <message>
        <source>no values</source>
        <translation>keine Werte</translation>
    </message>
    <message>
        <source>none of its kernels has room for heads of {first} and {second} values</source>
        <translation>keiner seiner Kernels hat Platz für Köpfe mit {first} und {second} Werten</translation>
    </message>
    <message>
        <source>normalizes text</source>
        <translation>normalisiert Text</translation>
    </message>
    <message>
        <source>not refused: {answer}</source>
        <translation>nicht abgewiesen: {answer}</translation>
    </message>
    <message>
        <source>not tried</source>
        <translation>nicht versucht</translation>
    </message>
    <message>
        <source>not tried: left with {code}</source>
        <translation>nicht versucht: mit {code} beendet</translation>
    </message>
    <message>
        <source>not tried: no memory for the call</source>
        <translation>nicht versucht: kein Speicher für den Aufruf</translation>
    </message>
    <message>
        <source>not tried: the child left with {code}</source>
        <translation>nicht versucht: Der Kindprozess endete mit {code}</translation>
    </message>
    <message>
        <source>not tried: this system allows no new machine code</source>
        <translation>nicht versucht: Dieses System erlaubt keinen neuen Maschinencode</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>offers linear_many alone</source>
        <translation>bietet nur linear_many</translation>
    </message>
    <message>
        <source>one value has too many parts</source>
        <translation>ein Wert hat zu viele Teile</translation>
    </message>
    <message>
        <source>only 1 runs</source>
        <translation>nur 1 läuft</translation>
    </message>
    <message>
        <source>only a prepared model&apos;s weights are laid out for it</source>
        <translation>nur die Gewichte eines vorbereiteten Modells sind dafür angeordnet</translation>
    </message>
    <message>
        <source>others than its owner may change it</source>
        <translation>nicht nur ihr Eigentümer darf sie ändern</translation>
    </message>
    <message>
        <source>others than root may change its folder</source>
        <translation>andere als root dürfen ihren Ordner ändern</translation>
    </message>
    <message>
        <source>packet</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>panels lie one after another, not with strides {strides}</source>
        <translation>Panels liegen hintereinander, nicht mit Abständen {strides}</translation>
    </message>
    <message>
        <source>part {number} of {count} is missing: {name} beside it</source>
        <translation>Teil {number} von {count} fehlt: {name} daneben</translation>
    </message>
    <message>
        <source>penalty window must be 0 or more tokens</source>
        <translation>Das Fenster der Strafen muss 0 oder mehr Tokens haben</translation>
    </message>
    <message>
        <source>presence penalty must be -10 to 10</source>
        <translation>Die Präsenzstrafe muss zwischen -10 und 10 liegen</translation>
    </message>
    <message>
        <source>presets</source>
        <translation>Voreinstellungen</translation>
    </message>
    <message>
        <source>raw IP</source>
        <translation>rohes IP</translation>
    </message>
    <message>
        <source>reading another process</source>
        <translation>einen anderen Prozess lesen</translation>
    </message>
    <message>
        <source>repeat penalty must be above 0, at most 10</source>
        <translation>Die Wiederholungsstrafe muss über 0 liegen, höchstens bei 10</translation>
    </message>
    <message>
        <source>restore a backup</source>
        <translation>eine Sicherung wiederherstellen</translation>
    </message>
    <message>
        <source>seed must be 0 to 2^63 - 1</source>
        <translation>Der Startwert muss zwischen 0 und 2^63 - 1 liegen</translation>
    </message>
    <message>
        <source>session bus (keyring, input methods, accessibility)</source>
        <translation>Sitzungsbus (Schlüsselbund, Eingabemethoden, Barrierefreiheit)</translation>
    </message>
    <message>
        <source>shared experts of {width:,} values</source>
        <translation>geteilte Experten von {width:,} Werten</translation>
    </message>
    <message>
        <source>shared experts with biases</source>
        <translation>geteilte Experten mit Biases</translation>
    </message>
    <message>
        <source>socket pair of another family</source>
        <translation>Socketpaar einer anderen Familie</translation>
    </message>
    <message>
        <source>something follows the end</source>
        <translation>nach dem Ende folgt noch etwas</translation>
    </message>
    <message>
        <source>strings</source>
        <translation>Texten</translation>
    </message>
    <message>
        <source>succeeded</source>
        <translation>gelungen</translation>
    </message>
    <message>
        <source>system bus</source>
        <translation>Systembus</translation>
    </message>
    <message>
        <source>taking another process&apos;s descriptor</source>
        <translation>den Deskriptor eines anderen Prozesses nehmen</translation>
    </message>
    <message>
        <source>temperature must be between 0 and 100</source>
        <translation>Die Temperatur muss zwischen 0 und 100 liegen</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>the NVIDIA driver answers {name}</source>
        <translation>der NVIDIA-Treiber antwortet {name}</translation>
    </message>
    <message>
        <source>the NVIDIA driver does not take a kernel ({name})</source>
        <translation>der NVIDIA-Treiber nimmt einen Kernel nicht an ({name})</translation>
    </message>
    <message>
        <source>the NVIDIA driver has no {function}</source>
        <translation>dem NVIDIA-Treiber fehlt {function}</translation>
    </message>
    <message>
        <source>the NVIDIA driver is for CUDA {have}, and {need} is needed</source>
        <translation>der NVIDIA-Treiber ist für CUDA {have}, und nötig ist {need}</translation>
    </message>
    <message>
        <source>the NVIDIA driver sees no card</source>
        <translation>der NVIDIA-Treiber sieht keine Karte</translation>
    </message>
    <message>
        <source>the Secret Service (GNOME Keyring, KeePassXC, …)</source>
        <translation>Secret Service (GNOME-Schlüsselbund, KeePassXC, …)</translation>
    </message>
    <message>
        <source>the Windows Credential Locker</source>
        <translation>Windows-Anmeldeinformationsverwaltung</translation>
    </message>
    <message>
        <source>the architecture has no place for this tensor</source>
        <translation>die Architektur hat keinen Platz für diesen Tensor</translation>
    </message>
    <message>
        <source>the chosen groups hold {size} experts, fewer than {top_k}</source>
        <translation>die gewählten Gruppen enthalten {size} Experten, weniger als {top_k}</translation>
    </message>
    <message>
        <source>the embedding matrix is missing or not a matrix</source>
        <translation>die Einbettungsmatrix fehlt oder ist keine Matrix</translation>
    </message>
    <message>
        <source>the end</source>
        <translation>das Ende</translation>
    </message>
    <message>
        <source>the extra pitcher[cuda] is not installed, so torch has no part for it</source>
        <translation>das Extra pitcher[cuda] ist nicht installiert, darum fehlt torch der Teil dafür</translation>
    </message>
    <message>
        <source>the field {field} is not known to this program</source>
        <translation>das Feld {field} ist diesem Programm unbekannt</translation>
    </message>
    <message>
        <source>the file ends at {size} but its header describes {reached}: the download is not complete</source>
        <translation>die Datei endet bei {size}, aber ihr Kopf beschreibt {reached}: Das Herunterladen ist unvollständig</translation>
    </message>
    <message>
        <source>the file has {size} bytes and can&apos;t be safetensors</source>
        <translation>die Datei hat {size} Bytes und kann nicht safetensors sein</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>die Datei ist leer</translation>
    </message>
    <message>
        <source>the header</source>
        <translation>der Kopf</translation>
    </message>
    <message>
        <source>the header is longer than {most} MB</source>
        <translation>der Kopf ist länger als {most} MB</translation>
    </message>
    <message>
        <source>the index does not name this tensor</source>
        <translation>der Index nennt diesen Tensor nicht</translation>
    </message>
    <message>
        <source>the index names this tensor; it is not there</source>
        <translation>der Index nennt diesen Tensor; er ist nicht da</translation>
    </message>
    <message>
        <source>the index says that it is in {told}</source>
        <translation>der Index sagt, er liege in {told}</translation>
    </message>
    <message>
        <source>the kernels’ file {file} can’t be read</source>
        <translation>die Datei {file} der Kernels lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>the kernels’ file {file} is damaged</source>
        <translation>die Datei {file} der Kernels ist beschädigt</translation>
    </message>
    <message>
        <source>the macOS Keychain</source>
        <translation>macOS-Schlüsselbund</translation>
    </message>
    <message>
        <source>the matrix has {columns} columns, which is not a multiple of {rows}</source>
        <translation>die Matrix hat {columns} Spalten, was kein Vielfaches von {rows} ist</translation>
    </message>
    <message>
        <source>the matrix has {reason}</source>
        <translation>die Matrix hat {reason}</translation>
    </message>
    <message>
        <source>the model file</source>
        <translation>die Modelldatei</translation>
    </message>
    <message>
        <source>the model has no place for this tensor</source>
        <translation>das Modell hat keinen Platz für diesen Tensor</translation>
    </message>
    <message>
        <source>the name “{name}” is there twice</source>
        <translation>der Name „{name}“ steht zweimal da</translation>
    </message>
    <message>
        <source>the native quantizer refused</source>
        <translation>der native Quantisierer nahm es nicht an</translation>
    </message>
    <message>
        <source>the string at byte {start:,} is no text</source>
        <translation>der Text bei Byte {start:,} ist kein Text</translation>
    </message>
    <message>
        <source>the unknown type {number}</source>
        <translation>der unbekannte Typ {number}</translation>
    </message>
    <message>
        <source>there are more than {most_tensors:,} tensors</source>
        <translation>es gibt mehr als {most_tensors:,} Tensoren</translation>
    </message>
    <message>
        <source>there are none</source>
        <translation>es gibt keine</translation>
    </message>
    <message>
        <source>there are {count:,} bytes of nothing before it</source>
        <translation>davor liegen {count:,} leere Bytes</translation>
    </message>
    <message>
        <source>there is no GGUF and no safetensors file in this folder</source>
        <translation>in diesem Ordner ist keine GGUF- und keine safetensors-Datei</translation>
    </message>
    <message>
        <source>there is no model in it</source>
        <translation>darin ist kein Modell</translation>
    </message>
    <message>
        <source>there is no safetensors file in this folder</source>
        <translation>in diesem Ordner ist keine safetensors-Datei</translation>
    </message>
    <message>
        <source>there is no {config_name} beside it to say what it is</source>
        <translation>daneben liegt kein {config_name}, das sagt, was es ist</translation>
    </message>
    <message>
        <source>there is not one hash for each part</source>
        <translation>es gibt nicht für jeden Teil eine Prüfsumme</translation>
    </message>
    <message>
        <source>there is not one size above 0 for each hash</source>
        <translation>nicht zu jeder Prüfsumme gehört eine Größe über 0</translation>
    </message>
    <message>
        <source>these are unknown, or have unknown values: {names}</source>
        <translation>diese sind unbekannt oder haben unbekannte Werte: {names}</translation>
    </message>
    <message>
        <source>these have unknown values: {known}</source>
        <translation>diese haben unbekannte Werte: {known}</translation>
    </message>
    <message>
        <source>these scales are in {dtype}; expected {known}</source>
        <translation>diese Skalen sind in {dtype}; erwartet wird {known}</translation>
    </message>
    <message>
        <source>these scales belong to a weight in {dtype}</source>
        <translation>diese Skalen gehören zu einem Gewicht in {dtype}</translation>
    </message>
    <message>
        <source>these scales belong to no weight</source>
        <translation>diese Skalen gehören zu keinem Gewicht</translation>
    </message>
    <message>
        <source>these scales hold NaN or infinity</source>
        <translation>diese Skalen enthalten NaN oder Unendlich</translation>
    </message>
    <message>
        <source>this CPU has neither {one} nor {other}</source>
        <translation>dieser Prozessor hat weder {one} noch {other}</translation>
    </message>
    <message>
        <source>this architecture has none</source>
        <translation>diese Architektur hat keine</translation>
    </message>
    <message>
        <source>this build can&apos;t quantize to it</source>
        <translation>dieser Bau kann nicht dahin quantisieren</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>dieser Computer</translation>
    </message>
    <message>
        <source>this field is missing</source>
        <translation>dieses Feld fehlt</translation>
    </message>
    <message>
        <source>this field is there twice</source>
        <translation>dieses Feld steht zweimal da</translation>
    </message>
    <message>
        <source>this host is none of those that may be asked</source>
        <translation>dieser Host gehört nicht zu denen, die gefragt werden dürfen</translation>
    </message>
    <message>
        <source>this installation has no compiled kernels for it</source>
        <translation>diese Installation hat keine übersetzten Kernels dafür</translation>
    </message>
    <message>
        <source>this is a folder; name the file in it</source>
        <translation>das ist ein Ordner; die Datei darin nennen</translation>
    </message>
    <message>
        <source>this is a link that leads out of its folder</source>
        <translation>das ist ein Verweis, der aus seinem Ordner hinausführt</translation>
    </message>
    <message>
        <source>this is not a GGUF file and not a safetensors file{guess}</source>
        <translation>das ist keine GGUF-Datei und keine safetensors-Datei{guess}</translation>
    </message>
    <message>
        <source>this is not a GGUF file{guess}</source>
        <translation>das ist keine GGUF-Datei{guess}</translation>
    </message>
    <message>
        <source>this is not an ordinary file</source>
        <translation>das ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>this kernel has no 32-bit calls</source>
        <translation>dieser Kernel kennt keine 32-Bit-Aufrufe</translation>
    </message>
    <message>
        <source>this link leads nowhere</source>
        <translation>dieser Verweis führt nirgendwohin</translation>
    </message>
    <message>
        <source>this model was prepared in layout {layout} and this program reads layout {layout_version}; prepare it again from its original</source>
        <translation>dieses Modell wurde im Layout {layout} vorbereitet, und dieses Programm liest Layout {layout_version}; es aus seinem Original neu vorbereiten</translation>
    </message>
    <message>
        <source>this name is there twice</source>
        <translation>dieser Name steht zweimal da</translation>
    </message>
    <message>
        <source>this runs as root, who may change the system itself: use an ordinary user</source>
        <translation>das läuft als root, und root darf das System selbst ändern: einen gewöhnlichen Benutzer verwenden</translation>
    </message>
    <message>
        <source>this tensor is missing</source>
        <translation>dieser Tensor fehlt</translation>
    </message>
    <message>
        <source>this tensor is missing; the configuration asks for {shape}</source>
        <translation>dieser Tensor fehlt; die Konfiguration verlangt {shape}</translation>
    </message>
    <message>
        <source>this tensor is there twice</source>
        <translation>dieser Tensor steht zweimal da</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>too much of it is unknown</source>
        <translation>zu viel davon ist unbekannt</translation>
    </message>
    <message>
        <source>top-k must be 0 (off) or more</source>
        <translation>Top-k muss 0 (aus) oder mehr sein</translation>
    </message>
    <message>
        <source>top-p must be above 0 and at most 1</source>
        <translation>Top-p muss über 0 und höchstens bei 1 liegen</translation>
    </message>
    <message>
        <source>torch can’t use the graphics card ({reason})</source>
        <translation>torch kann die Grafikkarte nicht verwenden ({reason})</translation>
    </message>
    <message>
        <source>tracing another process</source>
        <translation>einen anderen Prozess verfolgen</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>wahr oder falsch</translation>
    </message>
    <message>
        <source>type {name}</source>
        <translation>Typ {name}</translation>
    </message>
    <message>
        <source>typing into the terminal</source>
        <translation>in das Terminal tippen</translation>
    </message>
    <message>
        <source>use your passphrase</source>
        <translation>die Passphrase verwenden</translation>
    </message>
    <message>
        <source>values are too large for its float16 scales</source>
        <translation>Werte sind zu groß für die float16-Skalen</translation>
    </message>
    <message>
        <source>values in {scheme_name}, which is not laid out for them</source>
        <translation>Werte in {scheme_name}, das nicht dafür angeordnet ist</translation>
    </message>
    <message>
        <source>vault.json, which says how the history is locked, can&apos;t be read: {detail}.</source>
        <translation>vault.json, worin steht, wie der Verlauf gesperrt ist, ist nicht lesbar: {detail}.</translation>
    </message>
    <message>
        <source>vault.json, which says how the history is locked, is damaged.</source>
        <translation>vault.json, worin steht, wie der Verlauf gesperrt ist, ist beschädigt.</translation>
    </message>
    <message>
        <source>vault.json, which says how the history is locked, is missing.</source>
        <translation>vault.json, worin steht, wie der Verlauf gesperrt ist, fehlt.</translation>
    </message>
    <message>
        <source>was damaged</source>
        <translation>war beschädigt</translation>
    </message>
    <message>
        <source>was missing</source>
        <translation>fehlte</translation>
    </message>
    <message>
        <source>weight_block_size {block} does not run here; {tile} does</source>
        <translation>weight_block_size {block} läuft hier nicht; {tile} läuft</translation>
    </message>
    <message>
        <source>weights quantized with “{method}” do not run here</source>
        <translation>mit „{method}“ quantisierte Gewichte laufen hier nicht</translation>
    </message>
    <message>
        <source>writing another process</source>
        <translation>in einen anderen Prozess schreiben</translation>
    </message>
    <message>
        <source>{alignment} is not a power of two from {least_alignment} to {most_alignment:,}</source>
        <translation>{alignment} ist keine Zweierpotenz von {least_alignment} bis {most_alignment:,}</translation>
    </message>
    <message>
        <source>{card} has compute capability {have}, and {need} is needed</source>
        <translation>{card} hat Compute Capability {have}, und nötig ist {need}</translation>
    </message>
    <message>
        <source>{card} has {have:.1f} GiB of memory, and {need:.0f} are needed</source>
        <translation>{card} hat {have:.1f} GiB Speicher, und nötig sind {need:.0f}</translation>
    </message>
    <message>
        <source>{chats:,} chats with {messages:,} messages were brought back.{lost} The damaged files lie in {set_aside}.</source>
        <translation>{chats:,} Chats mit {messages:,} Nachrichten wurden zurückgeholt.{lost} Die beschädigten Dateien liegen in {set_aside}.</translation>
    </message>
    <message>
        <source>{columns} columns, which is not a multiple of {rows}</source>
        <translation>{columns} Spalten, kein Vielfaches von {rows}</translation>
    </message>
    <message>
        <source>{config} has added tokens that are no object, or too many.</source>
        <translation>{config} hat zusätzliche Tokens, die kein Objekt oder zu viele sind.</translation>
    </message>
    <message>
        <source>{config} names a token that {file} has too.</source>
        <translation>{config} nennt ein Token, das auch {file} hat.</translation>
    </message>
    <message>
        <source>{copied:,} of {count:,} parts are here and sound; still missing: {names}. Put in the next stick and start again; what is done is kept.</source>
        <translation>{copied:,} von {count:,} Teilen sind da und in Ordnung; noch fehlen: {names}. Den nächsten Stick einstecken und neu starten; was fertig ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>{count:,} bytes</source>
        <translation>{count:,} Bytes</translation>
    </message>
    <message>
        <source>{count:,} files are more than are read</source>
        <translation>{count:,} Dateien sind mehr, als gelesen werden</translation>
    </message>
    <message>
        <source>{count:,} is no number of parts from 1 to {most_parts:,}</source>
        <translation>{count:,} ist keine Zahl von Teilen von 1 bis {most_parts:,}</translation>
    </message>
    <message>
        <source>{count:,} named Unix sockets on this system, as far as their owners let us in</source>
        <translation>{count:,} benannte Unix-Sockets auf diesem System, soweit deren Besitzer uns einlassen</translation>
    </message>
    <message>
        <source>{count:,} parts are more than are read</source>
        <translation>{count:,} Teile sind mehr, als gelesen werden</translation>
    </message>
    <message>
        <source>{count} files are as they were built.</source>
        <translation>{count} Dateien sind so, wie sie gebaut wurden.</translation>
    </message>
    <message>
        <source>{digits} is out of range</source>
        <translation>{digits} liegt außerhalb des Bereichs</translation>
    </message>
    <message>
        <source>{dtype} of shape {shape} takes {size:,.0f} bytes; its data_offsets give it {given:,}</source>
        <translation>{dtype} der Form {shape} braucht {size:,.0f} Bytes; die data_offsets geben {given:,}</translation>
    </message>
    <message>
        <source>{error} That was so {failed} times in a row. What has arrived is kept; try again when the connection is better.</source>
        <translation>{error} Das war {failed}-mal hintereinander so. Was angekommen ist, bleibt; noch einmal versuchen, wenn die Verbindung besser ist.</translation>
    </message>
    <message>
        <source>{file_name}: {name}: the unknown type {dtype}.</source>
        <translation>{file_name}: {name}: der unbekannte Typ {dtype}.</translation>
    </message>
    <message>
        <source>{file} asks for what makes no sense: {error}</source>
        <translation>{file} verlangt Unsinniges: {error}</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read: {why}.</source>
        <translation>{file} ist nicht lesbar: {why}.</translation>
    </message>
    <message>
        <source>{file} can’t be read: {why}.</source>
        <translation>{file} ist nicht lesbar: {why}.</translation>
    </message>
    <message>
        <source>{file} can’t be written: {why}.</source>
        <translation>{file} lässt sich nicht schreiben: {why}.</translation>
    </message>
    <message>
        <source>{file} can’t be written: {why}. Nothing was changed.</source>
        <translation>{file} lässt sich nicht schreiben: {why}. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>{file} changes on the hub while it is fetched. Nothing was mixed; start again for a new list.</source>
        <translation>{file} ändert sich auf dem Hub, während es geholt wird. Es wurde nichts vermischt; ein neuer Start holt eine neue Liste.</translation>
    </message>
    <message>
        <source>{file} has a token of {longest:,} characters outside BPE.</source>
        <translation>{file} hat außerhalb von BPE ein Token von {longest:,} Zeichen.</translation>
    </message>
    <message>
        <source>{file} has added tokens that are no list, or more than {added_limit:,}.</source>
        <translation>{file} hat zusätzliche Tokens, die keine Liste oder mehr als {added_limit:,} sind.</translation>
    </message>
    <message>
        <source>{file} has changed while it was being prepared. Start again.</source>
        <translation>{file} hat sich während des Vorbereitens geändert. Neu beginnen.</translation>
    </message>
    <message>
        <source>{file} has changed while it was being read. Open it again.</source>
        <translation>{file} wurde geändert, während es gelesen wurde. Noch einmal öffnen.</translation>
    </message>
    <message>
        <source>{file} has far too many ids under “{field}”.</source>
        <translation>{file} hat viel zu viele Nummern unter „{field}“.</translation>
    </message>
    <message>
        <source>{file} has far too much text in tokens outside BPE.</source>
        <translation>{file} hat viel zu viel Text in Tokens außerhalb von BPE.</translation>
    </message>
    <message>
        <source>{file} has more than {tokens_limit:,} tokens.</source>
        <translation>{file} hat mehr als {tokens_limit:,} Tokens.</translation>
    </message>
    <message>
        <source>{file} has no {name}: it was built from another version. `make setup` builds it anew.</source>
        <translation>{file} hat kein {name}: Die Datei stammt aus einer anderen Version. `make setup` baut sie neu.</translation>
    </message>
    <message>
        <source>{file} has {count:,} tokens outside BPE; at most {added_limit:,} can be.</source>
        <translation>{file} hat {count:,} Tokens außerhalb von BPE; höchstens {added_limit:,} sind möglich.</translation>
    </message>
    <message>
        <source>{file} has {inner} that are no list, or too many.</source>
        <translation>{file} hat {inner}, die keine Liste oder zu viele sind.</translation>
    </message>
    <message>
        <source>{file} holds a chat template that is too long.</source>
        <translation>{file} enthält eine zu lange Chat-Vorlage.</translation>
    </message>
    <message>
        <source>{file} holds a model of the architecture “{name}”; this version of Pitcher runs {known}.</source>
        <translation>{file} enthält ein Modell der Architektur „{name}“; diese Version von Pitcher führt aus: {known}.</translation>
    </message>
    <message>
        <source>{file} holds a tokenizer of the kind “{kind}”; this version of Pitcher knows byte-level BPE alone.</source>
        <translation>{file} enthält einen Tokenizer der Art „{kind}“; diese Version von Pitcher kennt nur BPE auf Bytes.</translation>
    </message>
    <message>
        <source>{file} holds a tokenizer that is not byte-level; this version of Pitcher knows byte-level BPE alone.</source>
        <translation>{file} enthält einen Tokenizer, der nicht auf Bytes arbeitet; diese Version von Pitcher kennt nur BPE auf Bytes.</translation>
    </message>
    <message>
        <source>{file} holds far more entries than any known one.</source>
        <translation>{file} enthält weit mehr Einträge als jede bekannte Datei dieser Art.</translation>
    </message>
    <message>
        <source>{file} holds neither {one} nor {other}, so its text can&apos;t be encoded.</source>
        <translation>{file} enthält weder {one} noch {other}, also lässt sich Text nicht kodieren.</translation>
    </message>
    <message>
        <source>{file} holds no private key for Ed25519.</source>
        <translation>{file} enthält keinen privaten Schlüssel für Ed25519.</translation>
    </message>
    <message>
        <source>{file} holds no public key of Pitcher’s.</source>
        <translation>{file} enthält keinen öffentlichen Schlüssel von Pitcher.</translation>
    </message>
    <message>
        <source>{file} is GGUF version {version}; this program reads versions 2 and 3.</source>
        <translation>{file} ist GGUF der Version {version}; dieses Programm liest die Versionen 2 und 3.</translation>
    </message>
    <message>
        <source>{file} is big-endian GGUF; this program reads little-endian files.</source>
        <translation>{file} ist GGUF in Big-Endian; dieses Programm liest Dateien in Little-Endian.</translation>
    </message>
    <message>
        <source>{file} is damaged in line {number}.</source>
        <translation>{file} ist in Zeile {number} beschädigt.</translation>
    </message>
    <message>
        <source>{file} is damaged: a merge is not of two tokens.</source>
        <translation>{file} ist beschädigt: Eine Verschmelzung besteht nicht aus zwei Tokens.</translation>
    </message>
    <message>
        <source>{file} is damaged: a token has no sound id.</source>
        <translation>{file} ist beschädigt: Ein Token hat keine gültige Nummer.</translation>
    </message>
    <message>
        <source>{file} is damaged: a token or a rank is there twice.</source>
        <translation>{file} ist beschädigt: Ein Token oder ein Rang steht zweimal da.</translation>
    </message>
    <message>
        <source>{file} is damaged: an added token has no sound text, id or flags.</source>
        <translation>{file} ist beschädigt: Ein zusätzliches Token hat keine gültigen Angaben zu Text, Nummer oder Art.</translation>
    </message>
    <message>
        <source>{file} is damaged: an added token has two ids.</source>
        <translation>{file} ist beschädigt: Ein zusätzliches Token hat zwei Nummern.</translation>
    </message>
    <message>
        <source>{file} is damaged: it cuts text by something odd.</source>
        <translation>{file} ist beschädigt: Text wird nach etwas Sonderbarem zerlegt.</translation>
    </message>
    <message>
        <source>{file} is damaged: it holds no model.</source>
        <translation>{file} ist beschädigt: Es enthält kein Modell.</translation>
    </message>
    <message>
        <source>{file} is damaged: it is not JSON.</source>
        <translation>{file} ist beschädigt: Es ist kein JSON.</translation>
    </message>
    <message>
        <source>{file} is damaged: it is not an object.</source>
        <translation>{file} ist beschädigt: Es ist kein Objekt.</translation>
    </message>
    <message>
        <source>{file} is damaged: it lacks tokens of one byte.</source>
        <translation>{file} ist beschädigt: Es fehlen Tokens von einem Byte.</translation>
    </message>
    <message>
        <source>{file} is damaged: its merges are missing or too many.</source>
        <translation>{file} ist beschädigt: Die Verschmelzungen fehlen oder sind zu viele.</translation>
    </message>
    <message>
        <source>{file} is damaged: its vocabulary is missing or too large.</source>
        <translation>{file} ist beschädigt: Das Vokabular fehlt oder ist zu groß.</translation>
    </message>
    <message>
        <source>{file} is damaged: its {inner} are not as they should be.</source>
        <translation>{file} ist beschädigt: {inner} sind nicht, wie sie sein sollten.</translation>
    </message>
    <message>
        <source>{file} is damaged: two added tokens have the same {kind}.</source>
        <translation>{file} ist beschädigt: Zwei zusätzliche Tokens gleichen einander ({kind}).</translation>
    </message>
    <message>
        <source>{file} is damaged: two tokens have the same id.</source>
        <translation>{file} ist beschädigt: Zwei Tokens haben dieselbe Nummer.</translation>
    </message>
    <message>
        <source>{file} is damaged: “{field}” can&apos;t be {shown}.</source>
        <translation>{file} ist beschädigt: „{field}“ kann nicht {shown} sein.</translation>
    </message>
    <message>
        <source>{file} is damaged: “{name}” is neither true nor false.</source>
        <translation>{file} ist beschädigt: „{name}“ ist weder wahr noch falsch.</translation>
    </message>
    <message>
        <source>{file} is not a file.</source>
        <translation>{file} ist keine Datei.</translation>
    </message>
    <message>
        <source>{file} is not the file that was listed: it was changed on the hub. Nothing of the new one was used; start again for a new list.</source>
        <translation>{file} ist nicht mehr die Datei aus der Liste: Sie wurde auf dem Hub geändert. Von der neuen wurde nichts verwendet; ein neuer Start holt eine neue Liste.</translation>
    </message>
    <message>
        <source>{file} is not what it was when the model was prepared: it was changed, or is damaged.</source>
        <translation>{file} ist nicht mehr, was es bei der Vorbereitung des Modells war: verändert oder beschädigt.</translation>
    </message>
    <message>
        <source>{file} is one of {parts} parts and can&apos;t be opened alone.</source>
        <translation>{file} ist einer von {parts} Teilen und lässt sich nicht allein öffnen.</translation>
    </message>
    <message>
        <source>{file} is too long; at most {limit_bytes:,} bytes can be.</source>
        <translation>{file} ist zu lang; höchstens {limit_bytes:,} Bytes sind möglich.</translation>
    </message>
    <message>
        <source>{file} uses “{option}”, which this version of Pitcher does not know.</source>
        <translation>{file} benutzt „{option}“, das diese Version von Pitcher nicht kennt.</translation>
    </message>
    <message>
        <source>{file} was built from another version. `make setup` builds it anew.</source>
        <translation>{file} stammt aus einer anderen Version. `make setup` baut die Datei neu.</translation>
    </message>
    <message>
        <source>{file} {does} in a way that this version of Pitcher does not know: “{shown}”.</source>
        <translation>{file} {does} auf eine Art, die diese Version von Pitcher nicht kennt: „{shown}“.</translation>
    </message>
    <message>
        <source>{file}, which says how the history is locked, {was}.</source>
        <translation>{file}, worin steht, wie der Verlauf gesperrt ist, {was}.</translation>
    </message>
    <message>
        <source>{file}: building the tokenizer</source>
        <translation>{file}: Das Bauen des Tokenizers</translation>
    </message>
    <message>
        <source>{file}: it is not written in the one form that is signed.</source>
        <translation>{file}: nicht in der einen Form geschrieben, die signiert wird.</translation>
    </message>
    <message>
        <source>{file}: {name}: this program does not read tensors of {kind}.</source>
        <translation>{file}: {name}: Tensoren dieser Art liest dieses Programm nicht ({kind}).</translation>
    </message>
    <message>
        <source>{fingerprint} is not among the trusted keys.</source>
        <translation>{fingerprint} gehört nicht zu den vertrauten Schlüsseln.</translation>
    </message>
    <message>
        <source>{first} Not as signed either: {names}.</source>
        <translation>{first} Ebenfalls nicht wie signiert: {names}.</translation>
    </message>
    <message>
        <source>{folder} can’t be used: {why}. What has arrived is kept.</source>
        <translation>{folder} ist nicht zu gebrauchen: {why}. Was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>{folder} can’t be written to. Use a disk or a stick that can, then try again.</source>
        <translation>In {folder} kann nicht geschrieben werden. Eine Platte oder einen Stick nehmen, bei denen es geht, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>{folder} can’t be written to: {why}. The version that was in use starts as before; see that the disk can be written to, then try again.</source>
        <translation>In {folder} kann nicht geschrieben werden: {why}. Die Version, die in Gebrauch war, startet wie bisher; dafür sorgen, dass sich die Platte beschreiben lässt, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>{folder} can’t be written to: {why}. What is done is kept; start again.</source>
        <translation>In {folder} lässt sich nicht schreiben: {why}. Was fertig ist, bleibt erhalten; neu starten.</translation>
    </message>
    <message>
        <source>{folder} is no folder. Remove it, and start again.</source>
        <translation>{folder} ist kein Ordner. Es entfernen und noch einmal starten.</translation>
    </message>
    <message>
        <source>{folder} is no prepared model.</source>
        <translation>{folder} ist kein vorbereitetes Modell.</translation>
    </message>
    <message>
        <source>{format} in {count} parts</source>
        <translation>{format} in {count} Teilen</translation>
    </message>
    <message>
        <source>{found} is no boolean</source>
        <translation>{found} ist kein Wahrheitswert</translation>
    </message>
    <message>
        <source>{gating} is neither softmax nor sigmoid</source>
        <translation>{gating} ist weder softmax noch sigmoid</translation>
    </message>
    <message>
        <source>{happened} Nothing was created. Choose a passphrase or try again.</source>
        <translation>{happened} Nichts wurde angelegt. Eine Passphrase wählen oder erneut versuchen.</translation>
    </message>
    <message>
        <source>{high:g} is not above low_freq_factor</source>
        <translation>{high:g} liegt nicht über low_freq_factor</translation>
    </message>
    <message>
        <source>{host} answered {status} for {what}, which makes no sense here. Try again later.</source>
        <translation>{host} antwortete für {what} mit {status}, was hier keinen Sinn ergibt. Später noch einmal versuchen.</translation>
    </message>
    <message>
        <source>{host} can’t answer now ({status}). What has arrived is kept; try again later.</source>
        <translation>{host} kann jetzt nicht antworten ({status}). Was angekommen ist, bleibt; später noch einmal versuchen.</translation>
    </message>
    <message>
        <source>{host} can’t be found: {why}. Check the connection; what has arrived is kept.</source>
        <translation>{host} ist nicht zu finden: {why}. Die Verbindung prüfen; was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>{host} can’t prove that it is {host}: {why}. Nothing was sent. Check this computer’s date, or try another network. If your organisation looks into protected connections, its administrator can name its certificate in the policy.</source>
        <translation>{host} kann nicht beweisen, {host} zu sein: {why}. Es wurde nichts gesendet. Das Datum dieses Computers prüfen oder ein anderes Netzwerk versuchen. Falls die eigene Organisation in geschützte Verbindungen hineinsieht, kann ihre Administration das Zertifikat dafür in der Richtlinie nennen.</translation>
    </message>
    <message>
        <source>{host} sends us on and on, so it was asked no more. What has arrived is kept; try again later, or without the mirror or proxy.</source>
        <translation>{host} schickt immer nur weiter und wurde nicht mehr gefragt. Was angekommen ist, bleibt; später noch einmal versuchen, oder ohne den Spiegel oder Proxy.</translation>
    </message>
    <message>
        <source>{host} does not give out {file} ({status}). Try again later.</source>
        <translation>{host} gibt {file} nicht heraus ({status}). Später noch einmal versuchen.</translation>
    </message>
    <message>
        <source>The source of the libraries of Debian is kept in Debian’s archive of all versions, which is called Snapshot, by the name of the package and the version that are named here.</source>
        <translation>Der Quelltext der Bibliotheken von Debian liegt in Debians Archiv aller Versionen, das Snapshot heißt, unter dem Namen des Pakets und der Version, die hier genannt sind.</translation>
    </message>
    <message>
        <source>{host} does not give {what} to the owner of this token. Agree to the makers’ terms on the model’s page there, or check the token.</source>
        <translation>{host} gibt {what} nicht an das Konto, zu dem dieses Token gehört. Dort auf der Seite des Modells den Bedingungen der Hersteller zustimmen, oder das Token prüfen.</translation>
    </message>
    <message>
        <source>{host} gives {what} to nobody without a token: it needs one, or there is no such model. Check the name, capital letters too.</source>
        <translation>{host} gibt {what} niemandem ohne Token: Entweder ist eines nötig, oder es gibt dieses Modell nicht. Den Namen prüfen, auch Groß- und Kleinschreibung.</translation>
    </message>
    <message>
        <source>{host} has no {what}. Check the name, capital letters too.</source>
        <translation>Auf {host} gibt es {what} nicht. Den Namen prüfen, auch Groß- und Kleinschreibung.</translation>
    </message>
    <message>
        <source>{host} was not asked: its name leads to {address}, which is no address of the Internet. Nothing was sent there.</source>
        <translation>{host} wurde nicht gefragt: Der Name führt zu {address}, und das ist keine Adresse des Internets. Dorthin wurde nichts gesendet.</translation>
    </message>
    <message>
        <source>{key} is not {rank} + {rope_dim}</source>
        <translation>{key} ist nicht {rank} + {rope_dim}</translation>
    </message>
    <message>
        <source>{key} “{value}” does not run here; {runs} does</source>
        <translation>{key} „{value}“ läuft hier nicht; {runs} läuft</translation>
    </message>
    <message>
        <source>{kv_heads} is neither 1 nor {heads}</source>
        <translation>{kv_heads} ist weder 1 noch {heads}</translation>
    </message>
    <message>
        <source>{least:,} to {most:,}</source>
        <translation>{least:,} bis {most:,}</translation>
    </message>
    <message>
        <source>{least:g} to {most:g}</source>
        <translation>{least:g} bis {most:g}</translation>
    </message>
    <message>
        <source>{length:,} bytes are more than this program allows</source>
        <translation>{length:,} Bytes sind mehr, als dieses Programm erlaubt</translation>
    </message>
    <message>
        <source>{lock_file} can&apos;t be locked</source>
        <translation>{lock_file} lässt sich nicht sperren</translation>
    </message>
    <message>
        <source>{machine} processors</source>
        <translation>Prozessoren der Art {machine}</translation>
    </message>
    <message>
        <source>{model} is not among the models that your organisation allows in {file}. It was not opened. Choose another model, or ask your administrator.</source>
        <translation>{model} gehört nicht zu den Modellen, die die Organisation in {file} erlaubt. Es wurde nicht geöffnet. Ein anderes Modell wählen oder bei der Administration nachfragen.</translation>
    </message>
    <message>
        <source>{name} (removed from the format)</source>
        <translation>{name} (aus dem Format entfernt)</translation>
    </message>
    <message>
        <source>{name} came by a bundle, and the bundle’s signature and lists are gone. Import it again.</source>
        <translation>{name} kam mit einem Paket, und Signatur und Listen des Pakets sind weg. Neu importieren.</translation>
    </message>
    <message>
        <source>{name} can’t be deleted: {why}.</source>
        <translation>{name} lässt sich nicht löschen: {why}.</translation>
    </message>
    <message>
        <source>{name} can’t be read any more: {why}. Put the stick in again and start again; what is done is kept.</source>
        <translation>{name} lässt sich nicht mehr lesen: {why}. Den Stick wieder einstecken und neu starten; was fertig ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>{name} can’t be read: {why}.</source>
        <translation>{name} ist nicht lesbar: {why}.</translation>
    </message>
    <message>
        <source>{name} can’t be used: {why}.</source>
        <translation>{name} lässt sich nicht verwenden: {why}.</translation>
    </message>
    <message>
        <source>{name} did not arrive as it was: the disk may be damaged. The model is where it was.</source>
        <translation>{name} kam nicht so an, wie es war: Das Laufwerk kann beschädigt sein. Das Modell ist, wo es war.</translation>
    </message>
    <message>
        <source>{name} does not belong to Pitcher’s models folder and is not moved from here. Nothing was changed.</source>
        <translation>{name} gehört nicht zum Modellordner von Pitcher und wird von hier nicht verschoben. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>{name} does not lie in the models folder {folder} and is not removed from here. Nothing was changed.</source>
        <translation>{name} liegt nicht im Modellordner {folder} und wird von hier aus nicht entfernt. Nichts wurde verändert.</translation>
    </message>
    <message>
        <source>{name} has {count:,} files; a bundle holds up to {most:,}.</source>
        <translation>{name} hat {count:,} Dateien; ein Paket fasst bis zu {most:,}.</translation>
    </message>
    <message>
        <source>{name} has {reason}</source>
        <translation>{name} hat {reason}</translation>
    </message>
    <message>
        <source>{name} holds more than {most:,} files.</source>
        <translation>{name} enthält mehr als {most:,} Dateien.</translation>
    </message>
    <message>
        <source>{name} holds {size:,} bytes of {file} where {wanted:,} were signed: copy it again.</source>
        <translation>{name} enthält {size:,} Bytes von {file}, signiert wurden {wanted:,}: neu kopieren.</translation>
    </message>
    <message>
        <source>{name} is another part of this bundle under its name: number {number}.</source>
        <translation>{name} ist ein anderer Teil dieses Pakets unter diesem Namen: Nummer {number}.</translation>
    </message>
    <message>
        <source>{name} is being fetched by another process just now. Wait for it, or stop it.</source>
        <translation>{name} wird gerade von einem anderen Prozess geholt. Auf ihn warten, oder ihn anhalten.</translation>
    </message>
    <message>
        <source>{name} is damaged; missing: {files}. Put that back, or import or download the model again.</source>
        <translation>{name} ist beschädigt; es fehlt: {files}. Das Fehlende zurücklegen, oder das Modell neu importieren oder herunterladen.</translation>
    </message>
    <message>
        <source>{name} is in the models folder already, from elsewhere or of another day. Remove it first; what has arrived is kept.</source>
        <translation>{name} liegt schon im Ordner für Modelle, von anderswo oder von einem anderen Tag. Es zuerst entfernen; was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>{name} is installed from the key {before}, and this bundle is signed by another one: {now}. Ask its maker; --allow-other-signer puts it in its place.</source>
        <translation>{name} ist mit dem Schlüssel {before} installiert, und dieses Paket ist mit einem anderen signiert: {now}. Bei dem, der es gemacht hat, nachfragen; --allow-other-signer setzt es an dessen Stelle.</translation>
    </message>
    <message>
        <source>{name} is missing ({file}).</source>
        <translation>{name} fehlt ({file}).</translation>
    </message>
    <message>
        <source>{name} is missing beside it</source>
        <translation>{name} fehlt daneben</translation>
    </message>
    <message>
        <source>{name} is missing or damaged: whether the program’s files are those that were built can’t be told. Install Pitcher again.</source>
        <translation>{name} fehlt oder ist beschädigt: Ob die Dateien des Programms die gebauten sind, lässt sich nicht sagen. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>{name} is missing.</source>
        <translation>{name} fehlt.</translation>
    </message>
    <message>
        <source>{name} is missing: this is no whole bundle.</source>
        <translation>{name} fehlt: Das ist kein vollständiges Paket.</translation>
    </message>
    <message>
        <source>{name} is no model. Choose a GGUF file, a safetensors file, or the folder that holds one.</source>
        <translation>{name} ist kein Modell. Eine GGUF-Datei, eine safetensors-Datei oder den Ordner wählen, der eine enthält.</translation>
    </message>
    <message>
        <source>{name} is no update of Pitcher’s, or one for a later Pitcher.</source>
        <translation>{name} ist kein Update von Pitcher oder eines für ein späteres Pitcher.</translation>
    </message>
    <message>
        <source>{name} is not JSON</source>
        <translation>{name} ist kein JSON</translation>
    </message>
    <message>
        <source>{name} is not among the models that your organisation allows. Nothing was installed. Ask your administrator.</source>
        <translation>{name} gehört nicht zu den Modellen, die die Organisation erlaubt. Es wurde nichts installiert. Die Administration fragen.</translation>
    </message>
    <message>
        <source>{name} is not as it was signed: it was altered or is damaged.</source>
        <translation>{name} ist nicht, wie es signiert wurde: verändert oder beschädigt.</translation>
    </message>
    <message>
        <source>{name} is not as it was signed: it was altered, or damaged on its way. Copy it again.</source>
        <translation>{name} ist nicht, wie es signiert wurde: verändert oder unterwegs beschädigt. Neu kopieren.</translation>
    </message>
    <message>
        <source>{name} is not as it was signed: it was altered, or damaged on its way. Nothing was used of this bundle; copy it again.</source>
        <translation>{name} ist nicht, wie es signiert wurde: verändert oder unterwegs beschädigt. Nichts von diesem Paket wurde verwendet; es neu kopieren.</translation>
    </message>
    <message>
        <source>{name} is not as it was signed: its bytes {start:,} to {stop:,} were altered or are damaged.</source>
        <translation>{name} ist nicht, wie es signiert wurde: Die Bytes {start:,} bis {stop:,} sind verändert oder beschädigt.</translation>
    </message>
    <message>
        <source>{name} is not what was written when the model was imported: it was altered or is damaged. Import the bundle again.</source>
        <translation>{name} ist nicht, was beim Import des Modells geschrieben wurde: verändert oder beschädigt. Das Paket neu importieren.</translation>
    </message>
    <message>
        <source>{name} is of a later bundle than the rest.</source>
        <translation>{name} stammt aus einem späteren Paket als der Rest.</translation>
    </message>
    <message>
        <source>{name} is of an older bundle than the rest.</source>
        <translation>{name} stammt aus einem älteren Paket als der Rest.</translation>
    </message>
    <message>
        <source>{name} is stored in {through}, which has to be quantized: choose a mix.</source>
        <translation>{name} ist in {through} gespeichert, was quantisiert werden muss: Eine Mischung wählen.</translation>
    </message>
    <message>
        <source>{name} is there already, and did not come by a bundle. Remove it first, with “models remove”.</source>
        <translation>{name} ist schon da und kam nicht als Paket. Es zuerst mit „models remove“ entfernen.</translation>
    </message>
    <message>
        <source>{name} lies there already.</source>
        <translation>{name} liegt schon dort.</translation>
    </message>
    <message>
        <source>{name} was not copied to {folder}: {why}. What is done is kept; the model is where it was.</source>
        <translation>{name} wurde nicht nach {folder} kopiert: {why}. Was fertig ist, bleibt erhalten; das Modell ist, wo es war.</translation>
    </message>
    <message>
        <source>{name} was not in the bundle that this model came by.</source>
        <translation>{name} war nicht in dem Paket, mit dem dieses Modell kam.</translation>
    </message>
    <message>
        <source>{name}: {files} changed since it was read the first time. Copy the model again, unless you changed it yourself.</source>
        <translation>{name}: {files} hat sich seit dem ersten Lesen geändert. Das Modell neu kopieren, außer die Änderung war Absicht.</translation>
    </message>
    <message>
        <source>{name}: {files} is not as it was downloaded. Remove the model and download it again.</source>
        <translation>{name}: {files} ist nicht, wie es heruntergeladen wurde. Das Modell entfernen und neu herunterladen.</translation>
    </message>
    <message>
        <source>{name}: {file} is not as it was written, so nothing tells what the other files must be. Remove the model and download it again.</source>
        <translation>{name}: {file} ist nicht, wie es geschrieben wurde, also sagt nichts, wie die anderen Dateien sein müssen. Das Modell entfernen und neu herunterladen.</translation>
    </message>
    <message>
        <source>{num_experts} experts in {num_groups} groups, {top_groups} of them chosen, does not come out even</source>
        <translation>{num_experts} Experten in {num_groups} Gruppen, davon {top_groups} gewählt, gehen nicht auf</translation>
    </message>
    <message>
        <source>{num_experts} experts, of which {top_k} are chosen</source>
        <translation>{num_experts} Experten, von denen {top_k} gewählt werden</translation>
    </message>
    <message>
        <source>{num_heads} heads</source>
        <translation>{num_heads} Köpfe</translation>
    </message>
    <message>
        <source>{num_kv_heads} does not divide {num_heads}</source>
        <translation>{num_kv_heads} teilt {num_heads} nicht</translation>
    </message>
    <message>
        <source>{number} is no type of value</source>
        <translation>{number} ist keine Art von Wert</translation>
    </message>
    <message>
        <source>{other} holds this tensor too</source>
        <translation>{other} enthält diesen Tensor auch</translation>
    </message>
    <message>
        <source>{parent} can&apos;t be written to. Nothing was exported. Choose another folder.</source>
        <translation>In {parent} lässt sich nicht schreiben. Nichts wurde exportiert. Einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>{parent} is where Pitcher keeps its history. Nothing was exported. Choose another folder.</source>
        <translation>In {parent} bewahrt Pitcher den Verlauf auf. Nichts wurde exportiert. Einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>{path} can&apos;t be opened ({why}). Nothing was imported.</source>
        <translation>{path} lässt sich nicht öffnen ({why}). Nichts wurde importiert.</translation>
    </message>
    <message>
        <source>{path} can’t be read. Install Pitcher again.</source>
        <translation>{path} ist nicht lesbar. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>{path} can’t be read: {why}. Is the stick in?</source>
        <translation>{path} ist nicht lesbar: {why}. Steckt der Stick?</translation>
    </message>
    <message>
        <source>{path} could not be read to its end ({why}). Nothing was imported.</source>
        <translation>{path} ließ sich nicht bis zum Ende lesen ({why}). Nichts wurde importiert.</translation>
    </message>
    <message>
        <source>{path} has no title. Install Pitcher again.</source>
        <translation>{path} hat keinen Titel. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>{path} holds several bundles: name one of {names}.</source>
        <translation>{path} enthält mehrere Pakete: eines davon nennen: {names}.</translation>
    </message>
    <message>
        <source>{path} is larger than {max_file_bytes} GiB. Nothing was imported. Export fewer chats into each file.</source>
        <translation>{path} ist größer als {max_file_bytes} GiB. Nichts wurde importiert. Weniger Chats in jede Datei exportieren.</translation>
    </message>
    <message>
        <source>{path} is missing. Install Pitcher again.</source>
        <translation>{path} fehlt. Pitcher neu installieren.</translation>
    </message>
    <message>
        <source>{path} is no file, no folder and no link: it can’t be part of an update.</source>
        <translation>{path} ist keine Datei, kein Ordner und keine Verknüpfung: Es kann nicht Teil eines Updates sein.</translation>
    </message>
    <message>
        <source>{path} is not a plain file. Nothing was imported.</source>
        <translation>{path} ist keine gewöhnliche Datei. Nichts wurde importiert.</translation>
    </message>
    <message>
        <source>{reason} The chat is kept as it is, and the processor can go on with it.</source>
        <translation>{reason} Der Chat bleibt, wie er ist, und der Prozessor kann ihn fortsetzen.</translation>
    </message>
    <message>
        <source>{repository} claims to be larger than any model is. Nothing was fetched.</source>
        <translation>{repository} gibt sich größer, als irgendein Modell ist. Es wurde nichts geholt.</translation>
    </message>
    <message>
        <source>{repository} holds no model that Pitcher can run: neither safetensors nor GGUF files. Nothing was fetched.</source>
        <translation>{repository} enthält kein Modell, das Pitcher ausführen kann: weder safetensors- noch GGUF-Dateien. Es wurde nichts geholt.</translation>
    </message>
    <message>
        <source>{rope_dim} values can&apos;t be turned in pairs</source>
        <translation>{rope_dim} Werte lassen sich nicht paarweise drehen</translation>
    </message>
    <message>
        <source>{scheme} can&apos;t hold rows of {shape}</source>
        <translation>{scheme} kann keine Zeilen von {shape} aufnehmen</translation>
    </message>
    <message>
        <source>{sentence} {other} fits.</source>
        <translation>{sentence} {other} passt.</translation>
    </message>
    <message>
        <source>{setting} is set by your organisation in {file} and cannot be changed here. Nothing was changed.</source>
        <translation>{setting} ist von der Organisation in {file} festgelegt und lässt sich hier nicht ändern. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>{shard} holds this tensor too</source>
        <translation>{shard} enthält diesen Tensor auch</translation>
    </message>
    <message>
        <source>{shard}: {name}: this program does not run tensors of type {scheme}.</source>
        <translation>{shard}: {name}: Tensoren vom Typ {scheme} führt dieses Programm nicht aus.</translation>
    </message>
    <message>
        <source>{size:,.1f} GB on the {card}, which has {share:.0%} of the experts that tokens want, {disk:,.1f} GB of experts stay on disk.</source>
        <translation>{size:,.1f} GB auf der {card}, mit {share:.0%} der Experten, die Tokens brauchen; {disk:,.1f} GB an Experten bleiben auf der Platte.</translation>
    </message>
    <message>
        <source>{size:,.1f} GB on the {card}, which has {share:.0%} of the experts that tokens want.</source>
        <translation>{size:,.1f} GB auf der {card}, mit {share:.0%} der Experten, die Tokens brauchen.</translation>
    </message>
    <message>
        <source>{size:,.1f} MB</source>
        <translation>{size:,.1f}&#xa0;MB</translation>
    </message>
    <message>
        <source>{size:,} bytes follow its last tensor</source>
        <translation>nach dem letzten Tensor folgen {size:,} Bytes</translation>
    </message>
    <message>
        <source>{size} in one file</source>
        <translation>{size} in einer Datei</translation>
    </message>
    <message>
        <source>{size} in {count:,} files</source>
        <translation>{size} in {count:,} Dateien</translation>
    </message>
    <message>
        <source>{source} is a prepared model already.</source>
        <translation>{source} ist schon ein vorbereitetes Modell.</translation>
    </message>
    <message>
        <source>{system} systems</source>
        <translation>Systeme der Art {system}</translation>
    </message>
    <message>
        <source>{taken} exists already. It was left as it is.</source>
        <translation>{taken} gibt es schon. Es blieb, wie es ist.</translation>
    </message>
    <message>
        <source>{target} appeared meanwhile. It was not changed. Choose another name, or replace it.</source>
        <translation>{target} ist inzwischen entstanden. Es wurde nicht geändert. Einen anderen Namen wählen oder es ersetzen.</translation>
    </message>
    <message>
        <source>{target} could not be written ({why}). What was there is unchanged. Choose another folder.</source>
        <translation>{target} ließ sich nicht schreiben ({why}). Was da war, ist unverändert. Einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>{target} is already there. It was not changed. Choose another name, or replace it.</source>
        <translation>{target} gibt es schon. Es wurde nicht geändert. Einen anderen Namen wählen oder es ersetzen.</translation>
    </message>
    <message>
        <source>{target} is not a plain file. It was not changed. Choose another name.</source>
        <translation>{target} ist keine gewöhnliche Datei. Es wurde nicht geändert. Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>{target} is there already and is no whole bundle of these files: remove it, or name another folder.</source>
        <translation>{target} ist schon da und ist kein vollständiges Paket dieser Dateien: es entfernen oder einen anderen Ordner nennen.</translation>
    </message>
    <message>
        <source>{target} is there already. Name another folder, or remove it.</source>
        <translation>{target} gibt es schon. Einen anderen Ordner nennen oder diesen entfernen.</translation>
    </message>
    <message>
        <source>{target} is there already. Nothing was changed.</source>
        <translation>{target} ist schon da. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>{target} is written, but the disk did not confirm it ({why}). Export again to be sure.</source>
        <translation>{target} ist geschrieben, aber die Festplatte hat es nicht bestätigt ({why}). Sicherheitshalber erneut exportieren.</translation>
    </message>
    <message>
        <source>{there} of {count} layers on the {card}, the rest on the processor.</source>
        <translation>{there} von {count} Schichten auf der {card}, der Rest auf dem Prozessor.</translation>
    </message>
    <message>
        <source>{token}, to {host} alone</source>
        <translation>{token}, nur an {host}</translation>
    </message>
    <message>
        <source>{top_k} of {num_experts} experts can&apos;t be chosen</source>
        <translation>{top_k} von {num_experts} Experten lassen sich nicht wählen</translation>
    </message>
    <message>
        <source>{total:,} experts together are more than {most_experts_of_model:,}</source>
        <translation>{total:,} Experten zusammen sind mehr als {most_experts_of_model:,}</translation>
    </message>
    <message>
        <source>{url} was not asked: {why}. Nothing was sent there.</source>
        <translation>{url} wurde nicht gefragt: {why}. Dorthin wurde nichts gesendet.</translation>
    </message>
    <message>
        <source>{value:,} is more than this program allows ({most:,})</source>
        <translation>{value:,} ist mehr, als dieses Programm erlaubt ({most:,})</translation>
    </message>
    <message>
        <source>{value_dim} is not the key&apos;s {head_dim}</source>
        <translation>{value_dim} ist nicht {head_dim} wie beim Key</translation>
    </message>
    <message>
        <source>{value} does not run here; this program runs {runs}</source>
        <translation>{value} läuft hier nicht; dieses Programm führt {runs} aus</translation>
    </message>
    <message>
        <source>{value} is not a usable number</source>
        <translation>{value} ist keine brauchbare Zahl</translation>
    </message>
    <message>
        <source>{value} is out of range</source>
        <translation>{value} liegt außerhalb des Bereichs</translation>
    </message>
    <message>
        <source>{way} or {other}</source>
        <translation>{way} oder {other}</translation>
    </message>
    <message>
        <source>{way}, or {other}</source>
        <translation>{way} oder aber {other}</translation>
    </message>
    <message>
        <source>{what} (character {number:,})</source>
        <translation>{what} (Zeichen {number:,})</translation>
    </message>
    <message>
        <source>{what} It was put back from its copy; nothing is lost.</source>
        <translation>{what} Sie wurde aus ihrer Kopie zurückgelegt; nichts ist verloren.</translation>
    </message>
    <message>
        <source>{what} Its copy was used, but could not be put back: {why}.</source>
        <translation>{what} Ihre Kopie wurde benutzt, ließ sich aber nicht zurücklegen: {why}.</translation>
    </message>
    <message>
        <source>{what} failed inside the tokenizers library.</source>
        <translation>{what} ist in der Tokenizer-Bibliothek gescheitert.</translation>
    </message>
    <message>
        <source>{what} failed: {why}.</source>
        <translation>{what} ist gescheitert: {why}.</translation>
    </message>
    <message>
        <source>{what}: the disk has too little space. The history is safe. Free {missing_mib} MiB and try again.</source>
        <translation>{what}: Auf der Festplatte ist zu wenig Platz. Der Verlauf ist sicher. {missing_mib} MiB frei machen und erneut versuchen.</translation>
    </message>
    <message>
        <source>{what}: the disk is full. Nothing was lost. Free some space.</source>
        <translation>{what}: Die Festplatte ist voll. Nichts ging verloren. Platz schaffen.</translation>
    </message>
    <message>
        <source>{what}: the disk is full. {safe} Free some space and try again.</source>
        <translation>{what}: Die Festplatte ist voll. {safe} Platz schaffen und erneut versuchen.</translation>
    </message>
    <message>
        <source>{what}: {why}. Nothing was changed. Check the folder and who may write to it, or name another folder with PITCHER_HOME.</source>
        <translation>{what}: {why}. Nichts wurde geändert. Den Ordner prüfen und wer darin schreiben darf, oder mit PITCHER_HOME einen anderen Ordner nennen.</translation>
    </message>
    <message>
        <source>{what}: {why}. {safe} Check the disk and its folder, then try again.</source>
        <translation>{what}: {why}. {safe} Die Festplatte und den Ordner darauf prüfen, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>{where}, file {number}</source>
        <translation>{where}, Datei {number}</translation>
    </message>
    <message>
        <source>{where}, message {number}</source>
        <translation>{where}, Nachricht {number}</translation>
    </message>
    <message>
        <source>{where}, part {number}</source>
        <translation>{where}, Teil {number}</translation>
    </message>
    <message>
        <source>{where}, “{name}”</source>
        <translation>{where}, „{name}“</translation>
    </message>
    <message>
        <source>{where}: “{name}” and “{other}” are one name on many systems.</source>
        <translation>{where}: „{name}“ und „{other}“ sind auf vielen Systemen ein und derselbe Name.</translation>
    </message>
    <message>
        <source>{where}: “{name}” is a name that bundles keep.</source>
        <translation>{where}: „{name}“ ist ein Name, der Paketen vorbehalten ist.</translation>
    </message>
    <message>
        <source>{where}: “{name}” is no plain name of a file. Nothing was written.</source>
        <translation>{where}: „{name}“ ist kein einfacher Dateiname. Nichts wurde geschrieben.</translation>
    </message>
    <message>
        <source>{why} Rename it, and start again.</source>
        <translation>{why} Umbenennen und neu starten.</translation>
    </message>
    <message>
        <source>{word} is not a usable number</source>
        <translation>{word} ist keine brauchbare Zahl</translation>
    </message>
    <message>
        <source>“{dtype}” is none of {known}</source>
        <translation>„{dtype}“ ist keines von: {known}</translation>
    </message>
    <message>
        <source>“{kind}” does not run; none, linear, yarn do</source>
        <translation>„{kind}“ läuft nicht; none, linear, yarn laufen</translation>
    </message>
    <message>
        <source>“{mark}” is missing</source>
        <translation>„{mark}“ fehlt</translation>
    </message>
    <message>
        <source>“{name}”</source>
        <translation>„{name}“</translation>
    </message>
    <message>
        <source>“{name}” can’t be a repository’s name. It has the form OWNER/NAME.</source>
        <translation>„{name}“ kann kein Name eines Repositorys sein. Er hat die Form OWNER/NAME.</translation>
    </message>
    <message>
        <source>“{name}” is no plain name of a file in its folder</source>
        <translation>„{name}“ ist kein einfacher Name einer Datei in ihrem Ordner</translation>
    </message>
    <message>
        <source>“{name}” is not connected: it lies in {path}. Connect it, or locate the model.</source>
        <translation>„{name}“ ist nicht angeschlossen: Es liegt in {path}. Das Laufwerk anschließen oder das Modell zuordnen.</translation>
    </message>
    <message>
        <source>“{name}” is not named as a {suffix} file</source>
        <translation>„{name}“ heißt nicht wie eine {suffix}-Datei</translation>
    </message>
    <message>
        <source>“{name}” {what}</source>
        <translation>„{name}“ {what}</translation>
    </message>
    <message>
        <source>“{path}” is a name that no file can have</source>
        <translation>„{path}“ ist ein Name, den keine Datei haben kann</translation>
    </message>
    <message>
        <source>“{scheme}” is none of {known}</source>
        <translation>„{scheme}“ ist keines von: {known}</translation>
    </message>
    <message>
        <source>“{table}” is no table</source>
        <translation>„{table}“ ist keine Tabelle</translation>
    </message>
    <message>
        <source>“{text}” is no fingerprint: it has 64 hexadecimal digits, in groups or not.</source>
        <translation>„{text}“ ist kein Fingerabdruck: Er hat 64 hexadezimale Ziffern, in Gruppen oder nicht.</translation>
    </message>
    <message>
        <source>“{text}” is no host, mirror or proxy: one is “https://host”, with “:port” where it needs one. Nothing was asked.</source>
        <translation>„{text}“ ist kein Host, Spiegel oder Proxy: So einer heißt „https://host“, wo nötig mit „:port“. Es wurde nichts angefragt.</translation>
    </message>
    <message>
        <source>“{text}” is no name of a repository: one is “owner/name”, of letters, digits, “.”, “_” and “-”. Nothing was asked.</source>
        <translation>„{text}“ ist kein Name eines Repositorys: So einer heißt „owner/name“, aus Buchstaben, Ziffern, „.“, „_“ und „-“. Es wurde nichts angefragt.</translation>
    </message>
    <message>
        <source>“{text}” is no name of a revision. Nothing was asked.</source>
        <translation>„{text}“ ist kein Name einer Revision. Es wurde nichts angefragt.</translation>
    </message>
    <message>
        <source>“{value}”</source>
        <translation>„{value}“</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export chat</source>
        <translation>Chat exportieren</translation>
    </message>
    <message>
        <source>Export {count} chats to a folder</source>
        <translation>{count} Chats in einen Ordner exportieren</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
</context>
<context>
    <name>FactCards</name>
    <message>
        <source>Your chats</source>
        <translation>Die Chats</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>Downloads</translation>
    </message>
    <message>
        <source>Not covered</source>
        <translation>Nicht abgedeckt</translation>
    </message>
    <message>
        <source>Other programs</source>
        <translation>Andere Programme</translation>
    </message>
    <message>
        <source>Other programs on this computer, and whoever administers it, can read its memory and its screen.</source>
        <translation>Andere Programme auf diesem Computer und wer ihn verwaltet, können seinen Speicher und seinen Bildschirm lesen.</translation>
    </message>
    <message>
        <source>None: air-gapped</source>
        <translation>Keine: vom Netz getrennt</translation>
    </message>
    <message>
        <source>Only by the courier</source>
        <translation>Nur durch den Kurier</translation>
    </message>
</context>
<context>
    <name>FilesCard</name>
    <message>
        <source>The program’s files</source>
        <translation>Die Dateien des Programms</translation>
    </message>
    <message>
        <source>Being compared</source>
        <translation>Werden verglichen</translation>
    </message>
    <message>
        <source>Each file is compared with what was built.</source>
        <translation>Jede Datei wird mit dem verglichen, was gebaut wurde.</translation>
    </message>
    <message>
        <source>Not compared</source>
        <translation>Nicht verglichen</translation>
    </message>
    <message>
        <source>The report names all of them.</source>
        <translation>Der Bericht nennt sie alle.</translation>
    </message>
    <message>
        <source>From source</source>
        <translation>Aus dem Quelltext</translation>
    </message>
    <message>
        <source>As built</source>
        <translation>Wie gebaut</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>Nicht bekannt</translation>
    </message>
    <message>
        <source>Not signed as it should be</source>
        <translation>Nicht so signiert, wie es sein muss</translation>
    </message>
    <message>
        <source>Not as built</source>
        <translation>Nicht wie gebaut</translation>
    </message>
    <message>
        <source>SHA-256 of the list: {digits}</source>
        <translation>SHA-256 der Liste: {digits}</translation>
    </message>
</context>
<context>
    <name>FilesDialog</name>
    <message>
        <source>I have the files</source>
        <translation>Ich habe die Dateien</translation>
    </message>
    <message>
        <source>GGUF files, or a folder with safetensors and config.json. They are opened by Pitcher alone, and nothing in them is run.</source>
        <translation>GGUF-Dateien oder ein Ordner mit safetensors und config.json. Nur Pitcher öffnet sie, und nichts darin wird ausgeführt.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>What happens with the files</source>
        <translation>Was mit den Dateien geschieht</translation>
    </message>
    <message>
        <source>Use where they lie</source>
        <translation>Dort verwenden</translation>
    </message>
    <message>
        <source>Copy them</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copies lie in Pitcher’s own folder and stay when the others go</source>
        <translation>Kopien liegen im eigenen Ordner von Pitcher und bleiben, wenn die anderen gehen</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Datei wählen…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <source>Looking into other programs’ folders</source>
        <translation>Ordner anderer Programme werden durchgesehen</translation>
    </message>
    <message>
        <source>Found on this computer</source>
        <translation>Auf diesem Computer gefunden</translation>
    </message>
    <message>
        <source>Found on this computer:</source>
        <translation>Auf diesem Computer gefunden:</translation>
    </message>
    <message>
        <source>Ollama, LM Studio and the Hub’s cache have no models here.</source>
        <translation>Ollama, LM Studio und der Cache des Hubs haben hier keine Modelle.</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Use {model}</source>
        <translation>{model} verwenden</translation>
    </message>
    <message>
        <source>{program} · {size}</source>
        <translation>{program} · {size}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Nothing is stored</source>
        <translation>Nichts wird gespeichert</translation>
    </message>
    <message>
        <source>Chats are temporary for now. They are gone when you close.</source>
        <translation>Chats sind vorerst temporär und beim Schließen weg.</translation>
    </message>
    <message>
        <source>In {folder}.</source>
        <translation>In {folder}.</translation>
    </message>
    <message>
        <source>Your chats are encrypted</source>
        <translation>Die Chats sind verschlüsselt</translation>
    </message>
    <message>
        <source>The key is in your keyring.</source>
        <translation>Der Schlüssel liegt im Schlüsselbund.</translation>
    </message>
    <message>
        <source>Your passphrase opens them, and nothing else.</source>
        <translation>Die Passphrase öffnet sie, sonst nichts.</translation>
    </message>
    <message>
        <source>No update check, no telemetry, no downloads: your organisation decided so.</source>
        <translation>Keine Suche nach Updates, keine Telemetrie, keine Downloads: So hat es die Organisation festgelegt.</translation>
    </message>
    <message>
        <source>No update check, no telemetry. A download starts when you ask for it.</source>
        <translation>Keine Suche nach Updates, keine Telemetrie. Ein Download beginnt, wenn er verlangt wird.</translation>
    </message>
    <message>
        <source>Nothing happens unasked</source>
        <translation>Nichts geschieht ungefragt</translation>
    </message>
    <message>
        <source>With {name}</source>
        <translation>Mit {name}</translation>
    </message>
    <message>
        <source>With the small starter model that came along, {megabytes} MB. It answers at once, and is often wrong.</source>
        <translation>Mit dem kleinen Startmodell, das dabei ist, {megabytes} MB. Es antwortet sofort und liegt oft falsch.</translation>
    </message>
    <message>
        <source>about {rate} tokens/s</source>
        <translation>etwa {rate} Tokens/s</translation>
    </message>
    <message>
        <source>Download about {size} GB…</source>
        <translation>Etwa {size} GB herunterladen…</translation>
    </message>
    <message>
        <source>fits, about {needed} of {free} GB</source>
        <translation>passt, etwa {needed} von {free} GB</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>First start, Begin, Recommended model, Introduction</source>
        <translation>Erster Start, Beginnen, Empfohlenes Modell, Einführung</translation>
    </message>
    <message>
        <source>No model could be recommended: {why}</source>
        <translation>Es ließ sich kein Modell empfehlen: {why}</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>Start chatting now</source>
        <translation>Jetzt chatten</translation>
    </message>
    <message>
        <source>I have the files</source>
        <translation>Ich habe die Dateien</translation>
    </message>
    <message>
        <source>A folder or a GGUF file, or what another program keeps; no network needed</source>
        <translation>Ein Ordner oder eine GGUF-Datei, oder was ein anderes Programm aufbewahrt; ohne Netzwerk</translation>
    </message>
    <message>
        <source>Import a bundle</source>
        <translation>Paket importieren</translation>
    </message>
    <message>
        <source>From a stick, signed and checked; no network needed</source>
        <translation>Von einem Stick, signiert und geprüft; ohne Netzwerk</translation>
    </message>
    <message>
        <source>Choose another model</source>
        <translation>Anderes Modell wählen</translation>
    </message>
    <message>
        <source>What is here, and what it needs</source>
        <translation>Was da ist, und was es braucht</translation>
    </message>
    <message>
        <source>The model is being loaded. You can write already.</source>
        <translation>Das Modell wird geladen. Schreiben geht schon.</translation>
    </message>
    <message>
        <source>No model is loaded. The ways below bring one.</source>
        <translation>Kein Modell ist geladen. Die Wege darunter bringen eines.</translation>
    </message>
    <message>
        <source>Fetched by a separate process that asks you first and never sees a chat.</source>
        <translation>Geholt von einem eigenen Prozess, der vorher fragt und nie einen Chat sieht.</translation>
    </message>
    <message>
        <source>It can’t be downloaded from here. A bundle or its files bring it.</source>
        <translation>Von hier lässt es sich nicht herunterladen. Ein Paket oder seine Dateien bringen es.</translation>
    </message>
    <message>
        <source>Your organisation allows no downloads. A bundle or its files bring it.</source>
        <translation>Die Organisation erlaubt keine Downloads. Ein Paket oder seine Dateien bringen es.</translation>
    </message>
    <message>
        <source>{count} of the list fit this computer</source>
        <translation>{count} der Liste passen auf diesen Computer</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
</context>
<context>
    <name>FirstTimeScreen</name>
    <message>
        <source>Choose a passphrase for your chats</source>
        <translation>Passphrase für die Chats wählen</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>8 characters or more. Without it nobody can open the chats, not even you.</source>
        <translation>Mindestens 8 Zeichen. Ohne sie öffnet niemand die Chats, auch nicht ihr Besitzer.</translation>
    </message>
    <message>
        <source>Keep chats under this passphrase</source>
        <translation>Chats unter dieser Passphrase behalten</translation>
    </message>
    <message>
        <source>&amp;Temporary chat (Esc)</source>
        <translation>&amp;Temporärer Chat (Esc)</translation>
    </message>
    <message>
        <source>Nothing of it is stored.</source>
        <translation>Nichts davon wird gespeichert.</translation>
    </message>
    <message>
        <source>Nothing of it is stored</source>
        <translation>Nichts davon wird gespeichert</translation>
    </message>
</context>
<context>
    <name>FormulaCanvas</name>
    <message>
        <source>Formula: {source}</source>
        <translation>Formel: {source}</translation>
    </message>
</context>
<context>
    <name>FormulaPlaces</name>
    <message>
        <source>Formulas: {sources}</source>
        <translation>Formeln: {sources}</translation>
    </message>
</context>
<context>
    <name>FormulaRenderer</name>
    <message>
        <source>Formulas are shown as their source. {error}</source>
        <translation>Formeln werden als ihr Quelltext gezeigt. {error}</translation>
    </message>
</context>
<context>
    <name>FormulaView</name>
    <message>
        <source>Formula</source>
        <translation>Formel</translation>
    </message>
</context>
<context>
    <name>GraphicsRow</name>
    <message>
        <source>Graphics card</source>
        <translation>Grafikkarte</translation>
    </message>
    <message>
        <source>Looking for a card…</source>
        <translation>Eine Karte wird gesucht …</translation>
    </message>
    <message>
        <source>No NVIDIA card that Pitcher can use: {reason}.</source>
        <translation>Keine NVIDIA-Karte, die Pitcher nutzen kann: {reason}.</translation>
    </message>
    <message>
        <source>On the processor: {reason}</source>
        <translation>Auf dem Prozessor: {reason}</translation>
    </message>
    <message>
        <source>{card}, as far as its memory goes. This was never run on any card: answers may end early or be wrong.</source>
        <translation>{card}, so weit ihr Speicher reicht. Das lief noch nie auf einer Karte: Antworten können vorzeitig enden oder falsch sein.</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Show sidebar</source>
        <translation>Seitenleiste zeigen</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>Startmodell</translation>
    </message>
    <message>
        <source>Temporary</source>
        <translation>Temporär</translation>
    </message>
    <message>
        <source>Nothing of this chat is stored.</source>
        <translation>Nichts aus diesem Chat wird gespeichert.</translation>
    </message>
    <message>
        <source>Settings of this chat</source>
        <translation>Einstellungen dieses Chats</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
</context>
<context>
    <name>HelpPage</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Show sidebar</source>
        <translation>Seitenleiste zeigen</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Thema</translation>
    </message>
    <message>
        <source>All topics</source>
        <translation>Alle Themen</translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Search help</source>
        <translation>Hilfe durchsuchen</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} von {count}</translation>
    </message>
    <message>
        <source>Nothing about “{words}”</source>
        <translation>Nichts über „{words}“</translation>
    </message>
</context>
<context>
    <name>HelpText</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
</context>
<context>
    <name>HistoryDesk</name>
    <message>
        <source>The chats were not counted.</source>
        <translation>Die Chats wurden nicht gezählt.</translation>
    </message>
    <message>
        <source>There are no chats to delete.</source>
        <translation>Es gibt keine Chats zu löschen.</translation>
    </message>
    <message>
        <source>Delete all chats?</source>
        <translation>Alle Chats löschen?</translation>
    </message>
    <message>
        <source>All {count} chats are deleted for good, pinned ones too, and from all backups. It can’t be undone.</source>
        <translation>Alle Chats ({count}) werden endgültig gelöscht, auch angeheftete, und aus allen Sicherungen. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Delete all chats</source>
        <translation>Alle Chats löschen</translation>
    </message>
    <message>
        <source>Deleting all chats</source>
        <translation>Alle Chats werden gelöscht</translation>
    </message>
    <message>
        <source>Chats deleted for good: {count}.</source>
        <translation>Chats endgültig gelöscht: {count}.</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Lock after</source>
        <translation>Sperren nach</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>Jetzt sperren</translation>
    </message>
    <message>
        <source>Delete chats after</source>
        <translation>Chats löschen nach</translation>
    </message>
    <message>
        <source>Delete all chats…</source>
        <translation>Alle Chats löschen…</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Locking</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>Lock when nobody is there for</source>
        <translation>Sperren, wenn niemand da ist seit</translation>
    </message>
    <message>
        <source>Locked, the window shows nothing of the chats.</source>
        <translation>Gesperrt zeigt das Fenster nichts von den Chats.</translation>
    </message>
    <message>
        <source>Deleting</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete chats that did not change for</source>
        <translation>Chats löschen, die sich nicht änderten seit</translation>
    </message>
    <message>
        <source>For good, from backups too. Pinned chats stay.</source>
        <translation>Endgültig, auch aus Sicherungen. Angeheftete Chats bleiben.</translation>
    </message>
    <message>
        <source>{count} minutes</source>
        <translation>{count} Minuten</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 Minute</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} Tagen</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Locking</source>
        <translation>Wird gesperrt</translation>
    </message>
    <message>
        <source>The chats can’t be opened</source>
        <translation>Die Chats lassen sich nicht öffnen</translation>
    </message>
    <message>
        <source>The chats are open elsewhere</source>
        <translation>Die Chats sind anderswo geöffnet</translation>
    </message>
    <message>
        <source>The chats lie on a network share</source>
        <translation>Die Chats liegen auf einer Netzwerkfreigabe</translation>
    </message>
    <message>
        <source>Waiting for the keyring</source>
        <translation>Wartet auf den Schlüsselbund</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>Einen Moment</translation>
    </message>
    <message>
        <source>Opening the chats</source>
        <translation>Die Chats werden geöffnet</translation>
    </message>
    <message>
        <source>newest backup that opens</source>
        <translation>neueste Sicherung, die sich öffnen lässt,</translation>
    </message>
    <message>
        <source>backup of {when}, or the newest that opens,</source>
        <translation>Sicherung ({when}) oder die neueste, die sich öffnen lässt,</translation>
    </message>
    <message>
        <source>Restore a backup?</source>
        <translation>Eine Sicherung wiederherstellen?</translation>
    </message>
    <message>
        <source>The {which} takes the place of the history. What was written since comes along where it can be read. The present files are set aside, not deleted.</source>
        <translation>Die {which} tritt an die Stelle des Verlaufs. Was seither geschrieben wurde, kommt mit, soweit es lesbar ist. Die jetzigen Dateien werden beiseitegelegt, nicht gelöscht.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
</context>
<context>
    <name>HistoryUpkeep</name>
    <message>
        <source>Old chats were not deleted.</source>
        <translation>Alte Chats wurden nicht gelöscht.</translation>
    </message>
    <message>
        <source>The backup {name} was damaged and went whole.</source>
        <translation>Die Sicherung {name} war beschädigt und wurde ganz gelöscht.</translation>
    </message>
    <message>
        <source>{folder} could not be opened and may still hold deleted chats. Delete it by hand.</source>
        <translation>{folder} ließ sich nicht öffnen und kann noch gelöschte Chats enthalten. Von Hand löschen.</translation>
    </message>
    <message>
        <source>Old chats deleted: {count}.</source>
        <translation>Alte Chats gelöscht: {count}.</translation>
    </message>
</context>
<context>
    <name>HitListView</name>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop: {job}</source>
        <translation>Anhalten: {job}</translation>
    </message>
    <message>
        <source>{step}: {done} of {total}, {percent} %</source>
        <translation>{step}: {done} von {total}, {percent} %</translation>
    </message>
    <message>
        <source>Stopping. What is done is kept.</source>
        <translation>Wird angehalten. Was fertig ist, bleibt erhalten.</translation>
    </message>
</context>
<context>
    <name>JourneyRow</name>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>End the download of {model}</source>
        <translation>Download von {model} beenden</translation>
    </message>
    <message>
        <source>Speed limit</source>
        <translation>Höchstgeschwindigkeit</translation>
    </message>
    <message>
        <source>Step {number} of 4: {step}</source>
        <translation>Schritt {number} von 4: {step}</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>A window of its own asks what may be fetched, and from where. Answer it there.</source>
        <translation>Ein eigenes Fenster fragt, was von wo geholt werden darf. Dort antworten.</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>Paused at {done}.</source>
        <translation>Pause bei {done}.</translation>
    </message>
    <message>
        <source>Begun before: {done} are here. It goes on from there.</source>
        <translation>Schon begonnen: {done} sind hier. Es geht dort weiter.</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>{speed} MB/s</source>
        <translation>{speed} MB/s</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>weniger als eine Minute übrig</translation>
    </message>
    <message>
        <source>{minutes} min left</source>
        <translation>noch {minutes} min</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Ohne Grenze</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Überprüfen</translation>
    </message>
    <message>
        <source>Prepare</source>
        <translation>Vorbereiten</translation>
    </message>
</context>
<context>
    <name>JumpButton</name>
    <message>
        <source>Jump to latest</source>
        <translation>Zum Neuesten</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>{error} The answer goes on.</source>
        <translation>{error} Die Antwort geht weiter.</translation>
    </message>
    <message>
        <source>The answer is stored now.</source>
        <translation>Die Antwort ist jetzt gespeichert.</translation>
    </message>
    <message>
        <source>{error} The end of an answer was not stored.</source>
        <translation>{error} Das Ende einer Antwort wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>{error} The answer is stored when that is possible again.</source>
        <translation>{error} Die Antwort wird gespeichert, sobald das wieder geht.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
</context>
<context>
    <name>KeyDialog</name>
    <message>
        <source>Trust the signer of {model}?</source>
        <translation>Der Signatur von {model} vertrauen?</translation>
    </message>
    <message>
        <source>Every byte is as it was signed. Whether the signer is who you think only they can tell: compare this fingerprint with what they told you by another way. If it is another one, remove the model.</source>
        <translation>Jedes Byte ist, wie es signiert wurde. Von wem, sagt nur der Vergleich: diesen Fingerabdruck mit dem vergleichen, der auf einem anderen Weg mitgeteilt wurde. Ist es ein anderer, das Modell entfernen.</translation>
    </message>
    <message>
        <source>It is the same: trust</source>
        <translation>Er ist gleich: vertrauen</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
</context>
<context>
    <name>LedgerSection</name>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Export the connections</source>
        <translation>Verbindungen exportieren</translation>
    </message>
    <message>
        <source>Every connection ever tried</source>
        <translation>Jede Verbindung, die je versucht wurde</translation>
    </message>
    <message>
        <source>Stays on this computer</source>
        <translation>Bleibt auf diesem Computer</translation>
    </message>
    <message>
        <source>The list of connections can’t be read: {why}</source>
        <translation>Die Liste der Verbindungen kann nicht gelesen werden: {why}</translation>
    </message>
    <message>
        <source>Empty: nothing was downloaded yet.</source>
        <translation>Leer: Noch wurde nichts heruntergeladen.</translation>
    </message>
    <message>
        <source>Older ones that are not shown here: {count}.</source>
        <translation>Ältere, die hier nicht gezeigt werden: {count}.</translation>
    </message>
    <message>
        <source>Lines that are damaged or not ours: {count}.</source>
        <translation>Zeilen, die beschädigt oder fremd sind: {count}.</translation>
    </message>
</context>
<context>
    <name>LicencesDesk</name>
    <message>
        <source>Open source, Copyright, Qt, About</source>
        <translation>Open Source, Quelltext, Copyright, Urheber, Qt, Über</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
</context>
<context>
    <name>LicencesPage</name>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Search licences</source>
        <translation>Lizenzen durchsuchen</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>All works</source>
        <translation>Alle Werke</translation>
    </message>
    <message>
        <source>The licences are being read…</source>
        <translation>Die Lizenzen werden gelesen…</translation>
    </message>
    <message>
        <source>About these works</source>
        <translation>Über diese Werke</translation>
    </message>
    <message>
        <source>Texts of the licences</source>
        <translation>Texte der Lizenzen</translation>
    </message>
    <message>
        <source>The program</source>
        <translation>Das Programm</translation>
    </message>
    <message>
        <source>Packages of Python</source>
        <translation>Pakete von Python</translation>
    </message>
    <message>
        <source>Libraries of the system</source>
        <translation>Bibliotheken des Systems</translation>
    </message>
    <message>
        <source>Fonts, pictures and data</source>
        <translation>Schriften, Bilder und Daten</translation>
    </message>
    <message>
        <source>The model for the start</source>
        <translation>Das Modell für den Anfang</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Contains</source>
        <translation>Enthält</translation>
    </message>
    <message>
        <source>Text {number}: {title}</source>
        <translation>Text {number}: {title}</translation>
    </message>
</context>
<context>
    <name>LinkKeys</name>
    <message>
        <source>Go there</source>
        <translation>Dorthin gehen</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>Link kopieren</translation>
    </message>
    <message>
        <source>Copied: {target}</source>
        <translation>Kopiert: {target}</translation>
    </message>
    <message>
        <source>Link: {target}</source>
        <translation>Link: {target}</translation>
    </message>
</context>
<context>
    <name>LinkStrips</name>
    <message>
        <source>… and {count} more characters, copied with it</source>
        <translation>… und {count} weitere Zeichen, die mitkopiert werden</translation>
    </message>
</context>
<context>
    <name>Lock</name>
    <message>
        <source>{refused} of {total}</source>
        <translation>{refused} von {total}</translation>
    </message>
    <message>
        <source>the system</source>
        <translation>das System</translation>
    </message>
    <message>
        <source>{system} refuses every attempt from this window. Tested at start, {count}.</source>
        <translation>{system} verweigert jeden Versuch aus diesem Fenster. Beim Start geprüft, {count}.</translation>
    </message>
    <message>
        <source>{system} refuses every attempt from this window, its threads and its children. Tested at {time}, {count}.</source>
        <translation>{system} verweigert jeden Versuch dieses Fensters, seiner Threads und Kindprozesse. Geprüft um {time}, {count}.</translation>
    </message>
    <message>
        <source>Network blocked</source>
        <translation>Netzwerk blockiert</translation>
    </message>
    <message>
        <source>Enforced by {system}</source>
        <translation>Durchgesetzt von {system}</translation>
    </message>
    <message>
        <source>Pitcher cannot reach any network</source>
        <translation>Pitcher erreicht kein Netzwerk</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>Not tested yet</source>
        <translation>Noch nicht geprüft</translation>
    </message>
    <message>
        <source>Network not blocked</source>
        <translation>Netzwerk nicht blockiert</translation>
    </message>
    <message>
        <source>Not enforced</source>
        <translation>Nicht durchgesetzt</translation>
    </message>
    <message>
        <source>Not enforced on this computer</source>
        <translation>Auf diesem Computer nicht durchgesetzt</translation>
    </message>
</context>
<context>
    <name>LockFact</name>
    <message>
        <source>The network is blocked</source>
        <translation>Das Netzwerk ist blockiert</translation>
    </message>
</context>
<context>
    <name>LockSection</name>
    <message>
        <source>How the chats are locked</source>
        <translation>Wie die Chats gesperrt sind</translation>
    </message>
    <message>
        <source>Use a passphrase instead…</source>
        <translation>Stattdessen Passphrase verwenden…</translation>
    </message>
    <message>
        <source>Change passphrase…</source>
        <translation>Passphrase ändern…</translation>
    </message>
    <message>
        <source>Use the keyring instead…</source>
        <translation>Stattdessen Schlüsselbund verwenden…</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Replace recovery passphrase…</source>
        <translation>Ersatz-Passphrase ändern…</translation>
    </message>
    <message>
        <source>Add a recovery passphrase…</source>
        <translation>Ersatz-Passphrase hinzufügen…</translation>
    </message>
    <message>
        <source>A recovery passphrase opens them too.</source>
        <translation>Eine Ersatz-Passphrase öffnet sie auch.</translation>
    </message>
    <message>
        <source>There is no recovery passphrase. One opens the chats when the keyring’s entry is lost or the passphrase forgotten.</source>
        <translation>Es gibt keine Ersatz-Passphrase. Sie öffnet die Chats, wenn der Eintrag im Schlüsselbund verloren oder die Passphrase vergessen ist.</translation>
    </message>
    <message>
        <source>A passphrase opens the chats.</source>
        <translation>Eine Passphrase öffnet die Chats.</translation>
    </message>
    <message>
        <source>{keyring} keeps the key.</source>
        <translation>{keyring} verwahrt den Schlüssel.</translation>
    </message>
    <message>
        <source>A passphrase opens the chats too.</source>
        <translation>Auch eine Passphrase öffnet die Chats.</translation>
    </message>
    <message>
        <source>Lock the chats with a passphrase</source>
        <translation>Chats mit einer Passphrase sperren</translation>
    </message>
    <message>
        <source>From then on this passphrase opens them, and the keyring’s entry is deleted. Without it nobody can open the chats, not even you.</source>
        <translation>Von da an öffnet sie diese Passphrase, und der Eintrag im Schlüsselbund wird gelöscht. Ohne sie öffnet niemand die Chats, auch nicht ihr Besitzer.</translation>
    </message>
    <message>
        <source>The passphrase opens the chats from now on.</source>
        <translation>Die Passphrase öffnet von jetzt an die Chats.</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>Passphrase ändern</translation>
    </message>
    <message>
        <source>The present one opens nothing any more, backups included.</source>
        <translation>Die jetzige öffnet dann nichts mehr, auch keine Sicherungen.</translation>
    </message>
    <message>
        <source>The passphrase is changed.</source>
        <translation>Die Passphrase ist geändert.</translation>
    </message>
    <message>
        <source>Set a recovery passphrase</source>
        <translation>Ersatz-Passphrase festlegen</translation>
    </message>
    <message>
        <source>It opens the chats beside the usual way. Keep it where you find it again.</source>
        <translation>Sie öffnet die Chats neben dem üblichen Weg. Gut auffindbar verwahren.</translation>
    </message>
    <message>
        <source>The recovery passphrase is set.</source>
        <translation>Die Ersatz-Passphrase ist festgelegt.</translation>
    </message>
    <message>
        <source>Keep the key in the keyring?</source>
        <translation>Schlüssel im Schlüsselbund verwahren?</translation>
    </message>
    <message>
        <source>The chats then open without asking, as long as the keyring is unlocked. The passphrase opens nothing any more; a recovery passphrase stays.</source>
        <translation>Die Chats öffnen sich dann ohne Frage, solange der Schlüsselbund entsperrt ist. Die Passphrase öffnet nichts mehr; eine Ersatz-Passphrase bleibt.</translation>
    </message>
    <message>
        <source>Use the keyring</source>
        <translation>Schlüsselbund verwenden</translation>
    </message>
    <message>
        <source>Remove the recovery passphrase?</source>
        <translation>Ersatz-Passphrase entfernen?</translation>
    </message>
    <message>
        <source>It opens nothing any more, backups included.</source>
        <translation>Sie öffnet dann nichts mehr, auch keine Sicherungen.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>The keyring keeps the key from now on.</source>
        <translation>Der Schlüsselbund verwahrt von jetzt an den Schlüssel.</translation>
    </message>
    <message>
        <source>Waiting for the keyring</source>
        <translation>Wartet auf den Schlüsselbund</translation>
    </message>
    <message>
        <source>The recovery passphrase is removed.</source>
        <translation>Die Ersatz-Passphrase ist entfernt.</translation>
    </message>
    <message>
        <source>Removing the recovery passphrase</source>
        <translation>Die Ersatz-Passphrase wird entfernt</translation>
    </message>
    <message>
        <source>Set passphrase</source>
        <translation>Passphrase festlegen</translation>
    </message>
    <message>
        <source>Changing the passphrase</source>
        <translation>Die Passphrase wird geändert</translation>
    </message>
</context>
<context>
    <name>ModelButton</name>
    <message>
        <source>Model: {name}</source>
        <translation>Modell: {name}</translation>
    </message>
</context>
<context>
    <name>ModelDialog</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>About this model</source>
        <translation>Über dieses Modell</translation>
    </message>
    <message>
        <source>Lies in</source>
        <translation>Liegt in</translation>
    </message>
    <message>
        <source>Name in its files</source>
        <translation>Name in seinen Dateien</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>Longest context</source>
        <translation>Längster Kontext</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Not named</source>
        <translation>Nicht genannt</translation>
    </message>
    <message>
        <source>On the disk</source>
        <translation>Auf dem Laufwerk</translation>
    </message>
    <message>
        <source>Its prepared copy</source>
        <translation>Seine vorbereitete Kopie</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>Put here by hand</source>
        <translation>Von Hand hierher gelegt</translation>
    </message>
    <message>
        <source>All its bytes</source>
        <translation>Alle seine Bytes</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>nicht überprüft</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} Tokens</translation>
    </message>
    <message>
        <source>Laid out for this processor; it is made again where it is missing</source>
        <translation>Für diesen Prozessor angeordnet; fehlt sie, wird sie neu gemacht</translation>
    </message>
    <message>
        <source>None yet; it is made when the model is used first</source>
        <translation>Noch keine; sie entsteht bei der ersten Verwendung</translation>
    </message>
</context>
<context>
    <name>ModelFileChooser</name>
    <message>
        <source>Choose a model’s file</source>
        <translation>Datei eines Modells wählen</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Models (*.gguf *.safetensors *.json)</source>
        <translation>Modelle (*.gguf *.safetensors *.json)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>ModelInUse</name>
    <message>
        <source>The model’s speed was not kept.</source>
        <translation>Die Geschwindigkeit des Modells wurde nicht gemerkt.</translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>All models…	Ctrl+Shift+M</source>
        <translation>Alle Modelle…	Strg+Umschalt+M</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>More about {model}</source>
        <translation>Mehr zu {model}</translation>
    </message>
    <message>
        <source>Forget this model…</source>
        <translation>Dieses Modell vergessen…</translation>
    </message>
    <message>
        <source>What it is and needs…</source>
        <translation>Was es ist und braucht…</translation>
    </message>
    <message>
        <source>Verify all its bytes</source>
        <translation>Alle seine Bytes überprüfen</translation>
    </message>
    <message>
        <source>Compare its signer’s key…</source>
        <translation>Schlüssel der Signatur vergleichen…</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>Paket erzeugen…</translation>
    </message>
    <message>
        <source>Move to another disk…</source>
        <translation>Auf ein anderes Laufwerk verschieben…</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Nicht angeschlossen</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>Beschädigt</translation>
    </message>
    <message>
        <source>Signer not trusted</source>
        <translation>Schlüssel unbekannt</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>Loaded</source>
        <translation>Geladen</translation>
    </message>
    <message>
        <source>Resting</source>
        <translation>Ruht</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>Startmodell</translation>
    </message>
    <message>
        <source>Locate…</source>
        <translation>Zuordnen…</translation>
    </message>
    <message>
        <source>Locate {model}</source>
        <translation>{model} zuordnen</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>Entladen</translation>
    </message>
    <message>
        <source>Unload {model}</source>
        <translation>{model} entladen</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Load {model}</source>
        <translation>{model} laden</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>{bits} bits</source>
        <translation>{bits} Bits</translation>
    </message>
    <message>
        <source>{bits} bits: about {disk} on the disk, {memory} of memory</source>
        <translation>{bits} Bits: etwa {disk} auf der Platte, {memory} Arbeitsspeicher</translation>
    </message>
    <message>
        <source>{bits} bits: about {disk} on the disk, {memory} of memory; does not fit here</source>
        <translation>{bits} Bits: etwa {disk} auf der Platte, {memory} Arbeitsspeicher; passt hier nicht</translation>
    </message>
    <message>
        <source>about {size} on the disk</source>
        <translation>etwa {size} auf der Platte</translation>
    </message>
    <message>
        <source>about {rate} tokens/s</source>
        <translation>etwa {rate} Tokens/s</translation>
    </message>
    <message>
        <source>{count} billion parameters</source>
        <translation>{count} Milliarden Parameter</translation>
    </message>
    <message>
        <source>{count} billion parameters, {active} at work for each token</source>
        <translation>{count} Milliarden Parameter, {active} für jedes Token im Einsatz</translation>
    </message>
    <message>
        <source>{count} MB</source>
        <translation>{count} MB</translation>
    </message>
    <message>
        <source>{count} GB</source>
        <translation>{count} GB</translation>
    </message>
    <message>
        <source>It lies in {folder}</source>
        <translation>Es liegt in {folder}</translation>
    </message>
    <message>
        <source>needs about {size} of memory</source>
        <translation>braucht etwa {size} Speicher</translation>
    </message>
    <message>
        <source>computes on {card}</source>
        <translation>rechnet auf {card}</translation>
    </message>
    <message>
        <source>{rate} tokens/s here</source>
        <translation>hier {rate} Tokens/s</translation>
    </message>
    <message>
        <source>came with Pitcher</source>
        <translation>kam mit Pitcher</translation>
    </message>
    <message>
        <source>from {source}</source>
        <translation>von {source}</translation>
    </message>
    <message>
        <source>in {folder}</source>
        <translation>in {folder}</translation>
    </message>
    <message>
        <source>damaged, found {day}</source>
        <translation>beschädigt, gefunden am {day}</translation>
    </message>
    <message>
        <source>verified {day}, signed by a key that is not trusted here</source>
        <translation>überprüft am {day}, mit einem Schlüssel signiert, dem hier nicht vertraut wird</translation>
    </message>
    <message>
        <source>read whole {day}</source>
        <translation>ganz gelesen am {day}</translation>
    </message>
    <message>
        <source>unchanged since {day}</source>
        <translation>unverändert seit {day}</translation>
    </message>
    <message>
        <source>verified {day}</source>
        <translation>überprüft am {day}</translation>
    </message>
    <message>
        <source>Weights that every token reads</source>
        <translation>Gewichte, die jedes Token liest</translation>
    </message>
    <message>
        <source>In memory</source>
        <translation>Im Speicher</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>In memory, for a chat of the usual length; a longer one takes more</source>
        <translation>Im Speicher, für einen Chat üblicher Länge; ein längerer braucht mehr</translation>
    </message>
    <message>
        <source>Work space</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>In memory, while a message is read</source>
        <translation>Im Speicher, während eine Nachricht gelesen wird</translation>
    </message>
    <message>
        <source>Experts in memory</source>
        <translation>Experten im Speicher</translation>
    </message>
    <message>
        <source>Each token uses a few of them</source>
        <translation>Jedes Token benutzt einige von ihnen</translation>
    </message>
    <message>
        <source>Experts on disk</source>
        <translation>Experten auf dem Laufwerk</translation>
    </message>
    <message>
        <source>Not all fit in memory; those a token needs are read when it needs them</source>
        <translation>Nicht alle passen in den Speicher; die ein Token braucht, werden dann gelesen</translation>
    </message>
    <message>
        <source>It fits: {needed} of the {usable} of memory that models can use.</source>
        <translation>Es passt: {needed} der {usable} Speicher, die Modelle nutzen können.</translation>
    </message>
    <message>
        <source>It needs {needed} of memory, and models can use {usable}. It runs, slowly: the rest is read from disk.</source>
        <translation>Es braucht {needed} Speicher, und Modelle können {usable} nutzen. Es läuft, langsam: Der Rest wird vom Laufwerk gelesen.</translation>
    </message>
    <message>
        <source>It needs {needed} of memory, and models can use {usable}. It would be very slow.</source>
        <translation>Es braucht {needed} Speicher, und Modelle können {usable} nutzen. Es wäre sehr langsam.</translation>
    </message>
    <message>
        <source>Fingerprint: {key}</source>
        <translation>Fingerabdruck: {key}</translation>
    </message>
</context>
<context>
    <name>ModelsDesk</name>
    <message>
        <source>The models can’t be listed.</source>
        <translation>Die Modelle lassen sich nicht auflisten.</translation>
    </message>
    <message>
        <source>Verifying {model}</source>
        <translation>{model} wird überprüft</translation>
    </message>
    <message>
        <source>{model} was read whole. There was nothing to compare it with; from now on there is.</source>
        <translation>{model} wurde ganz gelesen. Es gab nichts zum Vergleichen; von jetzt an schon.</translation>
    </message>
    <message>
        <source>{model} is as it was, to the last byte.</source>
        <translation>{model} ist bis auf das letzte Byte, wie es war.</translation>
    </message>
    <message>
        <source>{model} is as it was signed, but by a key that is not trusted here: compare its fingerprint.</source>
        <translation>{model} ist, wie es signiert wurde, aber mit einem Schlüssel, dem hier nicht vertraut wird: dessen Fingerabdruck vergleichen.</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Vergleichen…</translation>
    </message>
    <message>
        <source>Move {model} to which folder?</source>
        <translation>In welchen Ordner soll {model}?</translation>
    </message>
    <message>
        <source>Move here</source>
        <translation>Hierher verschieben</translation>
    </message>
    <message>
        <source>Moving {model}</source>
        <translation>{model} wird verschoben</translation>
    </message>
    <message>
        <source>{model} lies in {folder} now.</source>
        <translation>{model} liegt jetzt in {folder}.</translation>
    </message>
    <message>
        <source>This deletes its files ({size}) in {folder} and the copy that was prepared of them ({copy}). Chats stay, and what it answered in them. It can’t be undone.</source>
        <translation>Das löscht seine Dateien ({size}) in {folder} und die daraus vorbereitete Kopie ({copy}). Die Chats bleiben, auch seine Antworten darin. Es lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Remove {model}?</source>
        <translation>{model} entfernen?</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Pitcher no longer shows it. Its files in {folder} stay as they are.</source>
        <translation>Pitcher zeigt es nicht mehr. Seine Dateien in {folder} bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Forget {model}?</source>
        <translation>{model} vergessen?</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Where is {model} now?</source>
        <translation>Wo ist {model} jetzt?</translation>
    </message>
    <message>
        <source>It is here</source>
        <translation>Es ist hier</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Back to the chat</source>
        <translation>Zurück zum Chat</translation>
    </message>
    <message>
        <source>Show sidebar</source>
        <translation>Seitenleiste zeigen</translation>
    </message>
    <message>
        <source>I have the files…</source>
        <translation>Ich habe die Dateien…</translation>
    </message>
    <message>
        <source>Import a bundle…</source>
        <translation>Paket importieren…</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>Installiert</translation>
    </message>
    <message>
        <source>Installed models</source>
        <translation>Installierte Modelle</translation>
    </message>
    <message>
        <source>There is no model on this computer yet.</source>
        <translation>Auf diesem Computer ist noch kein Modell.</translation>
    </message>
    <message>
        <source>{size} in use</source>
        <translation>{size} belegt</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>The models on this computer. Drop a model’s files here to use them.</source>
        <translation>Die Modelle auf diesem Computer. Dateien eines Modells hier ablegen, um sie zu verwenden.</translation>
    </message>
</context>
<context>
    <name>ModelsTaking</name>
    <message>
        <source>Other programs’ folders can’t be looked at.</source>
        <translation>Die Ordner anderer Programme lassen sich nicht durchsehen.</translation>
    </message>
    <message>
        <source>Choose a model’s folder</source>
        <translation>Ordner eines Modells wählen</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Taking in {model}</source>
        <translation>{model} wird aufgenommen</translation>
    </message>
    <message>
        <source>Taking in what was dropped</source>
        <translation>Das Abgelegte wird aufgenommen</translation>
    </message>
    <message>
        <source>These are among your models now: {models}.</source>
        <translation>Diese sind jetzt unter den eigenen Modellen: {models}.</translation>
    </message>
    <message>
        <source>These could not be taken: {names}. {reason}</source>
        <translation>Nicht aufgenommen: {names}. {reason}</translation>
    </message>
    <message>
        <source>{model} is among your models now.</source>
        <translation>{model} gehört jetzt zu den Modellen.</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
</context>
<context>
    <name>NewPassphrase</name>
    <message>
        <source>Once more</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>These are not the same.</source>
        <translation>Die beiden sind nicht gleich.</translation>
    </message>
</context>
<context>
    <name>NumberRow</name>
    <message>
        <source>Recommended {number}</source>
        <translation>Empfohlen: {number}</translation>
    </message>
    <message>
        <source>A number from {low} to {high}.</source>
        <translation>Eine Zahl von {low} bis {high}.</translation>
    </message>
</context>
<context>
    <name>OfferRow</name>
    <message>
        <source>Prepare {model} to</source>
        <translation>{model} vorbereiten mit</translation>
    </message>
    <message>
        <source>Asked for</source>
        <translation>Angefordert</translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation>Empfohlen</translation>
    </message>
    <message>
        <source>Download {size}…</source>
        <translation>{size} herunterladen…</translation>
    </message>
</context>
<context>
    <name>OpenSection</name>
    <message>
        <source>What stays open</source>
        <translation>Was offen bleibt</translation>
    </message>
    <message>
        <source>Local sockets stay open: the display, the session bus with the keyring, input methods and accessibility. The services behind them are the system’s own.</source>
        <translation>Lokale Sockets bleiben offen: Bildschirm, Sitzungsbus mit Schlüsselbund, Eingabemethoden und Bedienhilfen. Die Dienste dahinter gehören zum System.</translation>
    </message>
    <message>
        <source>A download that you confirm sends the bytes that were shown to you before, to the host that was shown.</source>
        <translation>Ein Download, der bestätigt wurde, sendet die Bytes, die vorher gezeigt wurden, an den Server, der gezeigt wurde.</translation>
    </message>
    <message>
        <source>Unix sockets that this window may connect to: {count}</source>
        <translation>Unix-Sockets, mit denen sich dieses Fenster verbinden darf: {count}</translation>
    </message>
    <message>
        <source>{count} more, in the report</source>
        <translation>{count} weitere, im Bericht</translation>
    </message>
</context>
<context>
    <name>Organisation</name>
    <message>
        <source>Set by your organisation</source>
        <translation>Von der Organisation festgelegt</translation>
    </message>
    <message>
        <source>This is read when Pitcher starts. A change holds from the next start.</source>
        <translation>Dies wird beim Start von Pitcher gelesen. Eine Änderung gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Your organisation decides this. It cannot be changed here.</source>
        <translation>Die Organisation legt dies fest. Hier ist es nicht änderbar.</translation>
    </message>
    <message>
        <source>The policy can’t be used</source>
        <translation>Die Richtlinie ist nicht verwendbar</translation>
    </message>
    <message>
        <source>Air-gapped</source>
        <translation>Vom Netz getrennt</translation>
    </message>
    <message>
        <source>Nothing is downloaded</source>
        <translation>Nichts wird heruntergeladen</translation>
    </message>
    <message>
        <source>Exports are off</source>
        <translation>Exportieren ist aus</translation>
    </message>
    <message>
        <source>No chat is written to a file</source>
        <translation>Kein Chat wird in eine Datei geschrieben</translation>
    </message>
    <message>
        <source>Updates are off</source>
        <translation>Updates sind aus</translation>
    </message>
    <message>
        <source>The program is not updated or taken back here</source>
        <translation>Das Programm wird hier nicht aktualisiert und nicht zurückgesetzt</translation>
    </message>
    <message>
        <source>By the hash of their files: {count}</source>
        <translation>Nach dem Hash ihrer Dateien: {count}</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Allowed models</source>
        <translation>Erlaubte Modelle</translation>
    </message>
    <message>
        <source>Classification</source>
        <translation>Einstufung</translation>
    </message>
</context>
<context>
    <name>Overflow</name>
    <message>
        <source>The first message no longer fits: this chat has {prompt} tokens and the context holds {context}. Nothing was lost.</source>
        <translation>Die erste Nachricht passt nicht mehr hinein: Dieser Chat hat {prompt} Tokens, der Kontext fasst {context}. Nichts ging verloren.</translation>
    </message>
    <message>
        <source>The first {count} messages no longer fit: this chat has {prompt} tokens and the context holds {context}. Nothing was lost.</source>
        <translation>Frühe Nachrichten passen nicht mehr hinein ({count}): Dieser Chat hat {prompt} Tokens, der Kontext fasst {context}. Nichts ging verloren.</translation>
    </message>
    <message>
        <source>This message is too long: with it the chat has {prompt} tokens and the context holds {context}. Start a new chat, or ask something shorter.</source>
        <translation>Diese Nachricht ist zu lang: Mit ihr hat der Chat {prompt} Tokens, der Kontext fasst {context}. Neuen Chat beginnen oder kürzer fragen.</translation>
    </message>
</context>
<context>
    <name>OverflowPanel</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>Leave them out</source>
        <translation>Auslassen</translation>
    </message>
    <message>
        <source>These no longer fit</source>
        <translation>Diese passen nicht mehr hinein</translation>
    </message>
    <message>
        <source>This message is too long</source>
        <translation>Diese Nachricht ist zu lang</translation>
    </message>
    <message>
        <source>and {count} more, up to {last}</source>
        <translation>und {count} weitere, bis {last}</translation>
    </message>
    <message>
        <source>“{words}”</source>
        <translation>„{words}“</translation>
    </message>
    <message>
        <source>{words} · {count} tokens</source>
        <translation>{words} · {count} Tokens</translation>
    </message>
</context>
<context>
    <name>PageState</name>
    <message>
        <source>Loading the model</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>Loading: {step}</source>
        <translation>Lädt: {step}</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>Kein Modell</translation>
    </message>
    <message>
        <source>Starter model: its answers are often wrong.</source>
        <translation>Startmodell: Die Antworten sind oft falsch.</translation>
    </message>
    <message>
        <source>Write the next message. It is sent when this answer is done.</source>
        <translation>Nächste Nachricht schreiben. Gesendet wird nach dieser Antwort.</translation>
    </message>
    <message>
        <source>Write a message. Nothing of this chat is stored.</source>
        <translation>Nachricht schreiben. Nichts aus diesem Chat wird gespeichert.</translation>
    </message>
    <message>
        <source>Write a message. It stays on this computer.</source>
        <translation>Nachricht schreiben. Sie bleibt auf diesem Computer.</translation>
    </message>
    <message>
        <source>Write a message. It is sent when the model is ready.</source>
        <translation>Nachricht schreiben. Gesendet wird, wenn das Modell bereit ist.</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Command palette</source>
        <translation>Befehlspalette</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Found: {count}. {row}</source>
        <translation>Gefunden: {count}. {row}</translation>
    </message>
</context>
<context>
    <name>PaletteField</name>
    <message>
        <source>Find a command or a chat</source>
        <translation>Befehl oder Chat finden</translation>
    </message>
</context>
<context>
    <name>PaletteView</name>
    <message>
        <source>Commands and chats</source>
        <translation>Befehle und Chats</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Auswählen</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>New passphrase</source>
        <translation>Neue Passphrase</translation>
    </message>
    <message>
        <source>8 characters or more.</source>
        <translation>Mindestens 8 Zeichen.</translation>
    </message>
</context>
<context>
    <name>PassphraseEdit</name>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
</context>
<context>
    <name>PresetBar</name>
    <message>
        <source>Preset</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>More about presets</source>
        <translation>Mehr zu Voreinstellungen</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>Name der Voreinstellung</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Changed in this chat</source>
        <translation>In diesem Chat geändert</translation>
    </message>
    <message>
        <source>Save as a new preset…</source>
        <translation>Als neue Voreinstellung speichern…</translation>
    </message>
    <message>
        <source>Update this preset</source>
        <translation>Diese Voreinstellung aktualisieren</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>PresetShelf</name>
    <message>
        <source>The preset was not saved.</source>
        <translation>Die Voreinstellung wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>The preset was not deleted.</source>
        <translation>Die Voreinstellung wurde nicht gelöscht.</translation>
    </message>
    <message>
        <source>What new chats begin with was not stored.</source>
        <translation>Womit neue Chats beginnen, wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>The chat’s preset was not noted. Its settings hold.</source>
        <translation>Die Voreinstellung des Chats wurde nicht vermerkt. Seine Einstellungen gelten.</translation>
    </message>
    <message>
        <source>The chat’s preset was not read.</source>
        <translation>Die Voreinstellung des Chats wurde nicht gelesen.</translation>
    </message>
    <message>
        <source>The preset was not changed.</source>
        <translation>Die Voreinstellung wurde nicht geändert.</translation>
    </message>
    <message>
        <source>Preset “{name}” deleted.</source>
        <translation>Voreinstellung „{name}“ gelöscht.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>The presets were not read.</source>
        <translation>Die Voreinstellungen wurden nicht gelesen.</translation>
    </message>
</context>
<context>
    <name>Privacy</name>
    <message>
        <source>They will lie encrypted in {folder}.</source>
        <translation>Sie werden verschlüsselt in {folder} liegen.</translation>
    </message>
    <message>
        <source>Nothing is kept yet</source>
        <translation>Noch ist nichts aufbewahrt</translation>
    </message>
    <message>
        <source>Locked after {minutes} minutes.</source>
        <translation>Gesperrt nach {minutes} Minuten.</translation>
    </message>
    <message>
        <source>In {folder}</source>
        <translation>In {folder}</translation>
    </message>
    <message>
        <source>Encrypted on this disk</source>
        <translation>Verschlüsselt auf dieser Platte</translation>
    </message>
    <message>
        <source>{keyring} keeps the key.</source>
        <translation>{keyring} bewahrt den Schlüssel auf.</translation>
    </message>
    <message>
        <source>A passphrase opens them.</source>
        <translation>Eine Passphrase öffnet sie.</translation>
    </message>
    <message>
        <source>A recovery passphrase opens them too.</source>
        <translation>Eine Ersatz-Passphrase öffnet sie auch.</translation>
    </message>
    <message>
        <source>How their key is kept can’t be read.</source>
        <translation>Wie ihr Schlüssel aufbewahrt wird, kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>{count} bytes</source>
        <translation>{count} Byte</translation>
    </message>
    <message>
        <source>{received} in, {sent} out</source>
        <translation>{received} empfangen, {sent} gesendet</translation>
    </message>
    <message>
        <source>It answered {status}.</source>
        <translation>Die Antwort war {status}.</translation>
    </message>
    <message>
        <source>The list of files of {model}.</source>
        <translation>Die Dateiliste von {model}.</translation>
    </message>
    <message>
        <source>Files of {model}.</source>
        <translation>Dateien von {model}.</translation>
    </message>
    <message>
        <source>You confirmed it on {when}.</source>
        <translation>Bestätigt am {when}.</translation>
    </message>
    <message>
        <source>No confirmation of it is recorded.</source>
        <translation>Eine Bestätigung dazu ist nicht verzeichnet.</translation>
    </message>
    <message>
        <source>With your access token.</source>
        <translation>Mit dem eigenen Zugriffstoken.</translation>
    </message>
    <message>
        <source>May the list of files of {model} be fetched?</source>
        <translation>Darf die Dateiliste von {model} geholt werden?</translation>
    </message>
    <message>
        <source>May the files of {model} be fetched?</source>
        <translation>Dürfen die Dateien von {model} geholt werden?</translation>
    </message>
    <message>
        <source>You said yes</source>
        <translation>Mit Ja beantwortet</translation>
    </message>
    <message>
        <source>You said no</source>
        <translation>Mit Nein beantwortet</translation>
    </message>
    <message>
        <source>You were asked</source>
        <translation>Gefragt wurde</translation>
    </message>
</context>
<context>
    <name>PrivacyDesk</name>
    <message>
        <source>The proof could not be finished: {why}</source>
        <translation>Der Beweis konnte nicht beendet werden: {why}</translation>
    </message>
    <message>
        <source>Not all of this page could be read.</source>
        <translation>Nicht alles auf dieser Seite konnte gelesen werden.</translation>
    </message>
    <message>
        <source>The commands were copied. Run them in a terminal.</source>
        <translation>Die Befehle wurden kopiert. Sie laufen in einem Terminal.</translation>
    </message>
    <message>
        <source>Export report</source>
        <translation>Bericht exportieren</translation>
    </message>
    <message>
        <source>HTML, to read and print (*.html)</source>
        <translation>HTML, zum Lesen und Drucken (*.html)</translation>
    </message>
    <message>
        <source>The report was saved to {file}.</source>
        <translation>Der Bericht wurde in {file} gespeichert.</translation>
    </message>
    <message>
        <source>The report was not saved.</source>
        <translation>Der Bericht wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>Export the connections</source>
        <translation>Verbindungen exportieren</translation>
    </message>
    <message>
        <source>CSV, for a spreadsheet (*.csv)</source>
        <translation>CSV, für eine Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>JSON, for programs (*.json)</source>
        <translation>JSON, für Programme (*.json)</translation>
    </message>
    <message>
        <source>The connections were saved to {file}.</source>
        <translation>Die Verbindungen wurden in {file} gespeichert.</translation>
    </message>
    <message>
        <source>The connections were not saved.</source>
        <translation>Die Verbindungen wurden nicht gespeichert.</translation>
    </message>
</context>
<context>
    <name>PrivacyPage</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Show sidebar</source>
        <translation>Seitenleiste zeigen</translation>
    </message>
    <message>
        <source>Copy commands</source>
        <translation>Befehle kopieren</translation>
    </message>
    <message>
        <source>Commands that show the same in a terminal</source>
        <translation>Befehle, die dasselbe in einem Terminal zeigen</translation>
    </message>
    <message>
        <source>Export report…</source>
        <translation>Bericht exportieren…</translation>
    </message>
    <message>
        <source>Air-gapped: nothing is downloaded. Set by your organisation.</source>
        <translation>Vom Netz getrennt: Nichts wird heruntergeladen. Von der Organisation festgelegt.</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>What the system enforces now, what was tested, what it cannot cover</source>
        <translation>Was das System jetzt durchsetzt, was geprüft wurde und was es nicht abdecken kann</translation>
    </message>
</context>
<context>
    <name>ProblemScreen</name>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Entsperren</translation>
    </message>
    <message>
        <source>Restore the newest backup…</source>
        <translation>Neueste Sicherung wiederherstellen…</translation>
    </message>
    <message>
        <source>Bring back what can be read</source>
        <translation>Lesbares zurückholen</translation>
    </message>
    <message>
        <source>The damaged files are set aside.</source>
        <translation>Die beschädigten Dateien werden beiseitegelegt.</translation>
    </message>
    <message>
        <source>Made {when}</source>
        <translation>Erstellt: {when}</translation>
    </message>
</context>
<context>
    <name>ProgramSection</name>
    <message>
        <source>Update from a file…</source>
        <translation>Aus einer Datei aktualisieren…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Pitcher {version}</source>
        <translation>Pitcher {version}</translation>
    </message>
    <message>
        <source>Updates</source>
        <translation>Updates</translation>
    </message>
    <message>
        <source>Updating</source>
        <translation>Wird aktualisiert</translation>
    </message>
    <message>
        <source>The other version</source>
        <translation>Die andere Version</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Version {version}, which runs now, is kept.</source>
        <translation>Version {version}, die jetzt läuft, bleibt erhalten.</translation>
    </message>
    <message>
        <source>Version {version} is kept beside this one.</source>
        <translation>Version {version} ist neben dieser erhalten.</translation>
    </message>
    <message>
        <source>Use version {version}…</source>
        <translation>Version {version} verwenden…</translation>
    </message>
    <message>
        <source>Version {version} is unpacked and compared with its signature.</source>
        <translation>Version {version} wird entpackt und mit ihrer Signatur verglichen.</translation>
    </message>
    <message>
        <source>Runs from its source, in {folder}</source>
        <translation>Läuft aus dem Quelltext, in {folder}</translation>
    </message>
    <message>
        <source>Installed for this computer, in {folder}</source>
        <translation>Für diesen Computer installiert, in {folder}</translation>
    </message>
    <message>
        <source>Installed for you, in {folder}</source>
        <translation>Für dieses Benutzerkonto installiert, in {folder}</translation>
    </message>
    <message>
        <source>A portable copy, in {folder}</source>
        <translation>Eine portable Kopie, in {folder}</translation>
    </message>
    <message>
        <source>{about}; made from {commit}</source>
        <translation>{about}; gemacht aus {commit}</translation>
    </message>
    <message>
        <source>The next start is version {version}.</source>
        <translation>Beim nächsten Start ist es Version {version}.</translation>
    </message>
    <message>
        <source>By a file that was signed for this copy. Pitcher never looks for one. The key: {key}</source>
        <translation>Mit einer Datei, die für diese Kopie signiert wurde. Pitcher sucht nie nach einer. Der Schlüssel: {key}</translation>
    </message>
</context>
<context>
    <name>Promise</name>
    <message>
        <source>A private assistant that stays on this computer</source>
        <translation>Ein privater Assistent, der auf diesem Computer bleibt</translation>
    </message>
    <message>
        <source>Pitcher runs the model here, on your own processor. No account, no server.</source>
        <translation>Pitcher führt das Modell hier aus, auf dem eigenen Prozessor. Kein Konto, kein Server.</translation>
    </message>
</context>
<context>
    <name>ProofBanner</name>
    <message>
        <source>Prove it</source>
        <translation>Beweisen</translation>
    </message>
    <message>
        <source>Prove it again</source>
        <translation>Noch einmal beweisen</translation>
    </message>
    <message>
        <source>Trying every way out now…</source>
        <translation>Jeder Weg nach draußen wird jetzt versucht…</translation>
    </message>
</context>
<context>
    <name>ProseView</name>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
</context>
<context>
    <name>QuestionDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Sent to the hub alone, and not stored.</source>
        <translation>Geht nur an den Hub und wird nicht gespeichert.</translation>
    </message>
    <message>
        <source>Use a proxy…</source>
        <translation>Proxy verwenden…</translation>
    </message>
    <message>
        <source>Which one</source>
        <translation>Welches</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>Show me what is sent</source>
        <translation>Zeigen, was gesendet wird</translation>
    </message>
    <message>
        <source>The files</source>
        <translation>Die Dateien</translation>
    </message>
</context>
<context>
    <name>QuestionEdit</name>
    <message>
        <source>The answers so far stay as a version.</source>
        <translation>Die bisherigen Antworten bleiben als Fassung.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Save and send</source>
        <translation>Speichern und senden</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Message.txt</source>
        <translation>Nachricht.txt</translation>
    </message>
    <message>
        <source>Pasted text.txt</source>
        <translation>Eingefügter Text.txt</translation>
    </message>
    <message>
        <source>{name} is attached.</source>
        <translation>{name} ist angehängt.</translation>
    </message>
</context>
<context>
    <name>QuestionField</name>
    <message>
        <source>Edit your message</source>
        <translation>Nachricht bearbeiten</translation>
    </message>
</context>
<context>
    <name>QuestionView</name>
    <message>
        <source>You wrote</source>
        <translation>Eigene Nachricht</translation>
    </message>
    <message>
        <source>Your message</source>
        <translation>Eigene Nachricht</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>Nachricht kopieren</translation>
    </message>
    <message>
        <source>Edit message</source>
        <translation>Nachricht bearbeiten</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>ReasoningBar</name>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>Denkt nach</translation>
    </message>
    <message>
        <source>Thought for {seconds} s</source>
        <translation>{seconds} s nachgedacht</translation>
    </message>
</context>
<context>
    <name>ReasoningHead</name>
    <message>
        <source>Thoughts</source>
        <translation>Gedanken</translation>
    </message>
    <message>
        <source>Hide the thoughts</source>
        <translation>Gedanken verbergen</translation>
    </message>
    <message>
        <source>Show all thoughts</source>
        <translation>Alle Gedanken zeigen</translation>
    </message>
    <message>
        <source>The thoughts are shown</source>
        <translation>Die Gedanken sind sichtbar</translation>
    </message>
    <message>
        <source>The thoughts are hidden</source>
        <translation>Die Gedanken sind verborgen</translation>
    </message>
</context>
<context>
    <name>RecommendedCard</name>
    <message>
        <source>Recommended for this computer</source>
        <translation>Für diesen Computer empfohlen</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Festplatte</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Looking at this computer</source>
        <translation>Dieser Computer wird angesehen</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>What fits, and how fast it would answer: a test of three seconds, once.</source>
        <translation>Was passt und wie schnell es antworten würde: ein Test von drei Sekunden, einmal.</translation>
    </message>
</context>
<context>
    <name>RegenerateDialog</name>
    <message>
        <source>Regenerate with other settings</source>
        <translation>Neu antworten mit anderen Einstellungen</translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation>Neu antworten</translation>
    </message>
    <message>
        <source>For this answer alone. The one so far stays.</source>
        <translation>Nur für diese Antwort. Die bisherige bleibt.</translation>
    </message>
</context>
<context>
    <name>Replaying</name>
    <message>
        <source>It is not recorded in full how this answer was made. Nothing was asked.</source>
        <translation>Wie diese Antwort entstand, ist nicht vollständig aufgezeichnet. Nichts wurde gefragt.</translation>
    </message>
    <message>
        <source>The system prompt was changed after this answer, so the same text cannot be expected. Nothing was asked.</source>
        <translation>Die Systemanweisung wurde nach dieser Antwort geändert, derselbe Text ist also nicht zu erwarten. Nichts wurde gefragt.</translation>
    </message>
    <message>
        <source>The same text again.</source>
        <translation>Wieder derselbe Text.</translation>
    </message>
    <message>
        <source>The same text again, up to where the first answer was stopped.</source>
        <translation>Wieder derselbe Text, bis dahin, wo die erste Antwort angehalten wurde.</translation>
    </message>
    <message>
        <source>The same text again, up to where it was stopped.</source>
        <translation>Wieder derselbe Text, bis dahin, wo angehalten wurde.</translation>
    </message>
    <message>
        <source>The text differs from character {number} on.</source>
        <translation>Der Text weicht ab Zeichen {number} ab.</translation>
    </message>
    <message>
        <source>The text differs from character {number} on. Other than then: {what}.</source>
        <translation>Der Text weicht ab Zeichen {number} ab. Anders als damals: {what}.</translation>
    </message>
</context>
<context>
    <name>RepositoryDialog</name>
    <message>
        <source>Another repository</source>
        <translation>Anderes Repository</translation>
    </message>
    <message>
        <source>The name of a repository of the Hub, as OWNER/NAME: safetensors, or GGUF files of which you choose one. A window of its own shows what is asked of whom before anything is sent.</source>
        <translation>Der Name eines Repositorys auf dem Hub, als OWNER/NAME: safetensors, oder GGUF-Dateien, von denen eine gewählt wird. Ein eigenes Fenster zeigt, was bei wem angefragt wird, bevor etwas gesendet wird.</translation>
    </message>
    <message>
        <source>Ask for it…</source>
        <translation>Anfragen…</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>Repository</translation>
    </message>
    <message>
        <source>Prepare it to</source>
        <translation>Vorbereiten mit</translation>
    </message>
    <message>
        <source>More bits are closer to the original, and take more memory and more of the disk. GGUF files keep the bits that they have.</source>
        <translation>Mehr Bits sind näher am Original und brauchen mehr Arbeitsspeicher und mehr Platz auf der Platte. GGUF-Dateien behalten die Bits, die sie haben.</translation>
    </message>
</context>
<context>
    <name>RuleView</name>
    <message>
        <source>Line</source>
        <translation>Linie</translation>
    </message>
</context>
<context>
    <name>Screen</name>
    <message>
        <source>&amp;Temporary chat</source>
        <translation>&amp;Temporärer Chat</translation>
    </message>
    <message>
        <source>Nothing of it is stored.</source>
        <translation>Nichts davon wird gespeichert.</translation>
    </message>
    <message>
        <source>Nothing of it is stored (Alt+T)</source>
        <translation>Nichts davon wird gespeichert (Alt+T)</translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation>&amp;Erneut versuchen</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>End the search</source>
        <translation>Suche beenden</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search all chats</source>
        <translation>Alle Chats durchsuchen</translation>
    </message>
</context>
<context>
    <name>SearchModel</name>
    <message>
        <source>Untitled chat</source>
        <translation>Chat ohne Titel</translation>
    </message>
</context>
<context>
    <name>SearchResults</name>
    <message>
        <source>No message and no title has these words.</source>
        <translation>Keine Nachricht und kein Titel enthält diese Wörter.</translation>
    </message>
    <message>
        <source>Found: {count}. {row}</source>
        <translation>Gefunden: {count}. {row}</translation>
    </message>
</context>
<context>
    <name>Sections</name>
    <message>
        <source>Light or dark</source>
        <translation>Hell oder dunkel</translation>
    </message>
    <message>
        <source>Follows the system, or stays as it is</source>
        <translation>Folgt dem System oder bleibt, wie es ist</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>In percent, from 80 to 200</source>
        <translation>In Prozent, von 80 bis 200</translation>
    </message>
    <message>
        <source>Use the system’s font</source>
        <translation>Schrift des Systems verwenden</translation>
    </message>
    <message>
        <source>In the place of Inter</source>
        <translation>Anstelle von Inter</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>Bewegung verringern</translation>
    </message>
    <message>
        <source>Nothing slides, fades or pulses</source>
        <translation>Nichts gleitet, blendet oder pulsiert</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Of all words here, from the next start</source>
        <translation>Für alle Texte hier, ab dem nächsten Start</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Send with</source>
        <translation>Senden mit</translation>
    </message>
    <message>
        <source>Shift+Enter always begins a new line, Ctrl+Enter always sends</source>
        <translation>Umschalt+Eingabe beginnt immer eine neue Zeile, Strg+Eingabe sendet immer</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>How many compute an answer; fewer leave more for other programs</source>
        <translation>Wie viele an einer Antwort rechnen; weniger lassen anderen Programmen mehr</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Rest after minutes</source>
        <translation>Ruhen nach so vielen Minuten</translation>
    </message>
    <message>
        <source>Gives its memory back when idle; your next message brings it back</source>
        <translation>Gibt unbenutzt seinen Speicher frei; die nächste Nachricht holt es zurück</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Lock after idle</source>
        <translation>Sperren, wenn unbenutzt</translation>
    </message>
    <message>
        <source>Asks for your keyring or passphrase</source>
        <translation>Fragt dann nach Schlüsselbund oder Passphrase</translation>
    </message>
    <message>
        <source>Delete chats after</source>
        <translation>Chats löschen nach</translation>
    </message>
    <message>
        <source>Those that did not change, from backups too; pinned ones stay</source>
        <translation>Unveränderte, auch aus Sicherungen; angeheftete bleiben</translation>
    </message>
    <message>
        <source>Suggest titles</source>
        <translation>Titel vorschlagen</translation>
    </message>
    <message>
        <source>The model names a new chat, on this computer, when it is idle</source>
        <translation>Das Modell benennt einen neuen Chat, auf diesem Computer, wenn es unbenutzt ist</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>{count} minutes</source>
        <translation>{count} Minuten</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 Minute</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} Tage</translation>
    </message>
</context>
<context>
    <name>Selecting</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
</context>
<context>
    <name>SendButton</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>{words}. Set by your organisation in {file}</source>
        <translation>{words}. Von der Organisation festgelegt in {file}</translation>
    </message>
</context>
<context>
    <name>SettingSection</name>
    <message>
        <source>One setting is set by your organisation and cannot be changed here.</source>
        <translation>Eine Einstellung ist von der Organisation festgelegt und hier nicht änderbar.</translation>
    </message>
    <message>
        <source>{count} settings are set by your organisation and cannot be changed here.</source>
        <translation>{count} Einstellungen sind von der Organisation festgelegt und hier nicht änderbar.</translation>
    </message>
</context>
<context>
    <name>SettingsDesk</name>
    <message>
        <source>This is set by your organisation in {file} and cannot be changed here.</source>
        <translation>Dies ist von der Organisation in {file} festgelegt und hier nicht änderbar.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings of this chat</source>
        <translation>Einstellungen dieses Chats</translation>
    </message>
    <message>
        <source>Restore recommended</source>
        <translation>Empfohlene Werte</translation>
    </message>
    <message>
        <source>Use for new chats</source>
        <translation>Für neue Chats verwenden</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Restore recommended</source>
        <translation>Empfohlene Werte</translation>
    </message>
    <message>
        <source>Answers in new chats</source>
        <translation>Antworten in neuen Chats</translation>
    </message>
    <message>
        <source>What new chats begin with is kept in the history, which is not open.</source>
        <translation>Womit neue Chats beginnen, steht im Verlauf, und der ist nicht geöffnet.</translation>
    </message>
    <message>
        <source>History and backups…</source>
        <translation>Verlauf und Sicherungen…</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>How the chats are locked, and their backups</source>
        <translation>Wie die Chats gesperrt sind, und ihre Sicherungen</translation>
    </message>
    <message>
        <source>Back to the chat</source>
        <translation>Zurück zum Chat</translation>
    </message>
    <message>
        <source>Show sidebar</source>
        <translation>Seitenleiste zeigen</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Answers in new chats, {model}</source>
        <translation>Antworten in neuen Chats, {model}</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Changes apply at once</source>
        <translation>Änderungen gelten sofort</translation>
    </message>
    <message>
        <source>No setting has “{words}” in its name.</source>
        <translation>Keine Einstellung hat „{words}“ im Namen.</translation>
    </message>
</context>
<context>
    <name>ShareRow</name>
    <message>
        <source>about {count}</source>
        <translation>etwa {count}</translation>
    </message>
    <message>
        <source>{name}: {count} tokens</source>
        <translation>{name}: {count} Tokens</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>Chats</translation>
    </message>
    <message>
        <source>While writing</source>
        <translation>Beim Schreiben</translation>
    </message>
    <message>
        <source>While reading</source>
        <translation>Beim Lesen</translation>
    </message>
    <message>
        <source>In the list of chats</source>
        <translation>In der Liste der Chats</translation>
    </message>
    <message>
        <source>The window</source>
        <translation>Das Fenster</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Sidebar</source>
        <translation>Seitenleiste</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>SmallDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Speech</name>
    <message>
        <source>Code block</source>
        <translation>Codeblock</translation>
    </message>
    <message>
        <source>Code block, {language}</source>
        <translation>Codeblock, {language}</translation>
    </message>
    <message>
        <source>Table, {columns} columns, {rows} rows</source>
        <translation>Tabelle, Spalten: {columns}, Zeilen: {rows}</translation>
    </message>
</context>
<context>
    <name>Storing</name>
    <message>
        <source>An answer that was not begun is still in the history.</source>
        <translation>Eine nicht begonnene Antwort steht noch im Verlauf.</translation>
    </message>
    <message>
        <source>What was taken back is still in the history.</source>
        <translation>Zurückgenommenes steht noch im Verlauf.</translation>
    </message>
</context>
<context>
    <name>TableView</name>
    <message>
        <source>Table, {columns} columns, {rows} rows</source>
        <translation>Tabelle, Spalten: {columns}, Zeilen: {rows}</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
</context>
<context>
    <name>TextParts</name>
    <message>
        <source>Head</source>
        <translation>Kopfzeile</translation>
    </message>
    <message>
        <source>Row {number}</source>
        <translation>Zeile {number}</translation>
    </message>
    <message>
        <source>Formula: {source}</source>
        <translation>Formel: {source}</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Note {number}: {words}</source>
        <translation>Fußnote {number}: {words}</translation>
    </message>
    <message>
        <source>Footnote {number}</source>
        <translation>Fußnote {number}</translation>
    </message>
</context>
<context>
    <name>ThinkButton</name>
    <message>
        <source>Think: off</source>
        <translation>Denken: aus</translation>
    </message>
    <message>
        <source>Think: up to {limit} tokens</source>
        <translation>Denken: bis {limit} Tokens</translation>
    </message>
    <message>
        <source>Think: on</source>
        <translation>Denken: an</translation>
    </message>
    <message>
        <source>Think: auto</source>
        <translation>Denken: auto</translation>
    </message>
    <message>
        <source>How much the model thinks before it answers</source>
        <translation>Wie viel das Modell vor der Antwort nachdenkt</translation>
    </message>
</context>
<context>
    <name>ThinkMenu</name>
    <message>
        <source>As the model likes</source>
        <translation>Wie das Modell will</translation>
    </message>
    <message>
        <source>Think first</source>
        <translation>Erst nachdenken</translation>
    </message>
    <message>
        <source>Answer at once</source>
        <translation>Sofort antworten</translation>
    </message>
    <message>
        <source>At most {count} tokens of thoughts</source>
        <translation>Höchstens {count} Tokens Gedanken</translation>
    </message>
    <message>
        <source>Think as long as it takes</source>
        <translation>So lange nachdenken wie nötig</translation>
    </message>
    <message>
        <source>Earlier thoughts: as the model likes</source>
        <translation>Frühere Gedanken: wie das Modell will</translation>
    </message>
    <message>
        <source>Read earlier thoughts again</source>
        <translation>Frühere Gedanken erneut lesen</translation>
    </message>
    <message>
        <source>Leave earlier thoughts out</source>
        <translation>Frühere Gedanken weglassen</translation>
    </message>
</context>
<context>
    <name>ThoughtText</name>
    <message>
        <source>Thoughts</source>
        <translation>Gedanken</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Gespräch</translation>
    </message>
    <message>
        <source>The last answer is copied.</source>
        <translation>Die letzte Antwort ist kopiert.</translation>
    </message>
</context>
<context>
    <name>TrustDialog</name>
    <message>
        <source>This bundle’s signer is not known here</source>
        <translation>Wer dieses Paket signiert hat, ist hier nicht bekannt</translation>
    </message>
    <message>
        <source>The signature is sound: the bundle is as its signer made it. Whether that is who you think only they can tell: compare this fingerprint with what they told you by another way.</source>
        <translation>Die Signatur stimmt: Das Paket ist so, wie es signiert wurde. Von wem, sagt nur der Vergleich: diesen Fingerabdruck mit dem vergleichen, der auf einem anderen Weg mitgeteilt wurde.</translation>
    </message>
    <message>
        <source>It is the same: import</source>
        <translation>Er ist gleich: importieren</translation>
    </message>
    <message>
        <source>Trust this key from now on</source>
        <translation>Diesem Schlüssel von jetzt an vertrauen</translation>
    </message>
    <message>
        <source>Else for this import alone</source>
        <translation>Sonst nur für diesen Import</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>Vertrauen</translation>
    </message>
</context>
<context>
    <name>TurnMenu</name>
    <message>
        <source>Copy as Markdown</source>
        <translation>Als Markdown kopieren</translation>
    </message>
    <message>
        <source>Copy as plain text</source>
        <translation>Als reinen Text kopieren</translation>
    </message>
    <message>
        <source>Copy thoughts</source>
        <translation>Gedanken kopieren</translation>
    </message>
    <message>
        <source>Continue the answer</source>
        <translation>Antwort fortsetzen</translation>
    </message>
    <message>
        <source>Answer again with other settings…</source>
        <translation>Neu antworten mit anderen Einstellungen…</translation>
    </message>
    <message>
        <source>Edit question</source>
        <translation>Frage bearbeiten</translation>
    </message>
    <message>
        <source>Delete from here on</source>
        <translation>Ab hier löschen</translation>
    </message>
    <message>
        <source>How this answer was made…</source>
        <translation>Wie diese Antwort entstand…</translation>
    </message>
</context>
<context>
    <name>UnlockScreen</name>
    <message>
        <source>Locked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Entsperren</translation>
    </message>
</context>
<context>
    <name>UpdateChooser</name>
    <message>
        <source>Choose the update’s file</source>
        <translation>Datei des Updates wählen</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>UpdateDialog</name>
    <message>
        <source>Version {version} is an older one</source>
        <translation>Version {version} ist eine ältere</translation>
    </message>
    <message>
        <source>Update to version {version}?</source>
        <translation>Auf Version {version} aktualisieren?</translation>
    </message>
    <message>
        <source>Use the older version</source>
        <translation>Die ältere Version verwenden</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Aktualisieren</translation>
    </message>
    <message>
        <source>Signed soundly, by the key that signs for this copy:</source>
        <translation>Gültig signiert mit dem Schlüssel, der für diese Kopie signiert:</translation>
    </message>
    <message>
        <source>Made on {day}.</source>
        <translation>Gemacht am {day}.</translation>
    </message>
    <message>
        <source>An older version brings back faults that were mended since {current}.</source>
        <translation>Eine ältere Version bringt Fehler zurück, die bis {current} behoben wurden.</translation>
    </message>
    <message>
        <source>It starts with the next start; this window goes on as it is. Version {current} is kept to go back to.</source>
        <translation>Sie startet beim nächsten Start; dieses Fenster geht weiter wie bisher. Version {current} bleibt erhalten, um zu ihr zurückzukehren.</translation>
    </message>
</context>
<context>
    <name>WaitingRow</name>
    <message>
        <source>To the front</source>
        <translation>Nach vorn</translation>
    </message>
    <message>
        <source>Do not download {model}</source>
        <translation>{model} nicht herunterladen</translation>
    </message>
    <message>
        <source>It will be prepared to {bits} bits.</source>
        <translation>Es wird mit {bits} Bits vorbereitet.</translation>
    </message>
    <message>
        <source>Waits as number {place}, behind {model}.</source>
        <translation>Wartet als Nummer {place} hinter {model}.</translation>
    </message>
    <message>
        <source>Waits as number {place}, behind {model}, which is paused.</source>
        <translation>Wartet als Nummer {place} hinter {model}, das pausiert.</translation>
    </message>
    <message>
        <source>Next. It waits for {model}, which is paused: resume or end that one.</source>
        <translation>Als Nächstes. Es wartet auf {model}, das pausiert: jenes fortsetzen oder beenden.</translation>
    </message>
    <message>
        <source>Next. It begins when {model} is done.</source>
        <translation>Als Nächstes. Es beginnt, wenn {model} fertig ist.</translation>
    </message>
</context>
<context>
    <name>WaitingScreen</name>
    <message>
        <source>Stop waiting (Esc)</source>
        <translation>Nicht länger warten (Esc)</translation>
    </message>
    <message>
        <source>It may ask for its password in a window of its own.</source>
        <translation>Er fragt vielleicht in einem eigenen Fenster nach seinem Kennwort.</translation>
    </message>
</context>
<context>
    <name>WindowBundles</name>
    <message>
        <source>Make the bundle in which folder?</source>
        <translation>In welchem Ordner soll das Paket entstehen?</translation>
    </message>
    <message>
        <source>Make it here</source>
        <translation>Hier erzeugen</translation>
    </message>
    <message>
        <source>Choose the bundle’s folder, or the stick</source>
        <translation>Ordner des Pakets oder den Stick wählen</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Making a bundle of {model}</source>
        <translation>Paket von {model} wird erzeugt</translation>
    </message>
    <message>
        <source>{size} in {count} parts, in {folder}. Each part fits on a FAT32 stick.</source>
        <translation>{size} in {count} Teilen, in {folder}. Jeder Teil passt auf einen FAT32-Stick.</translation>
    </message>
    <message>
        <source>The key is not trusted.</source>
        <translation>Dem Schlüssel wird nicht vertraut.</translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>Begin, Start</source>
        <translation>Beginnen, Anfangen</translation>
    </message>
    <message>
        <source>New temporary chat</source>
        <translation>Neuer temporärer Chat</translation>
    </message>
    <message>
        <source>Private, Unsaved</source>
        <translation>Privat, Ungespeichert</translation>
    </message>
    <message>
        <source>Search all chats</source>
        <translation>Alle Chats durchsuchen</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Finden, Suche</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>Datei anhängen</translation>
    </message>
    <message>
        <source>Add, Open, Text</source>
        <translation>Hinzufügen, Öffnen, Text</translation>
    </message>
    <message>
        <source>Copy the last answer</source>
        <translation>Letzte Antwort kopieren</translation>
    </message>
    <message>
        <source>Clipboard, Markdown</source>
        <translation>Zwischenablage, Markdown</translation>
    </message>
    <message>
        <source>Settings of this chat</source>
        <translation>Einstellungen dieses Chats</translation>
    </message>
    <message>
        <source>System prompt, Temperature, Sampler, Preset, Seed</source>
        <translation>Systemanweisung, Temperatur, Sampler, Voreinstellung, Startwert, Seed</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>Antwort anhalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen, Stoppen</translation>
    </message>
    <message>
        <source>Export this chat (off, set by your organisation)</source>
        <translation>Diesen Chat exportieren (aus, von der Organisation festgelegt)</translation>
    </message>
    <message>
        <source>Rename this chat</source>
        <translation>Diesen Chat umbenennen</translation>
    </message>
    <message>
        <source>Title, Name</source>
        <translation>Titel, Name</translation>
    </message>
    <message>
        <source>Pin or unpin this chat</source>
        <translation>Diesen Chat anheften oder lösen</translation>
    </message>
    <message>
        <source>Export this chat</source>
        <translation>Diesen Chat exportieren</translation>
    </message>
    <message>
        <source>Save, Print, Markdown, HTML, JSON</source>
        <translation>Speichern, Drucken, Markdown, HTML, JSON</translation>
    </message>
    <message>
        <source>Delete this chat</source>
        <translation>Diesen Chat löschen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Appearance: as the system</source>
        <translation>Darstellung: wie das System</translation>
    </message>
    <message>
        <source>Appearance: light</source>
        <translation>Darstellung: hell</translation>
    </message>
    <message>
        <source>Appearance: dark</source>
        <translation>Darstellung: dunkel</translation>
    </message>
    <message>
        <source>Theme, Colours, Mode</source>
        <translation>Design, Farben, Modus</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Preferences, Options</source>
        <translation>Optionen, Vorlieben</translation>
    </message>
    <message>
        <source>Show or hide the sidebar</source>
        <translation>Seitenleiste zeigen oder verbergen</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Network and privacy</source>
        <translation>Netzwerk und Privatsphäre</translation>
    </message>
    <message>
        <source>Lock, Proof, Blocked</source>
        <translation>Sperre, Nachweis, Blockiert</translation>
    </message>
    <message>
        <source>History and backups</source>
        <translation>Verlauf und Sicherungen</translation>
    </message>
    <message>
        <source>Passphrase, Restore, Delete all chats</source>
        <translation>Passphrase, Wiederherstellen, Alle Chats löschen</translation>
    </message>
    <message>
        <source>Lock the history now</source>
        <translation>Verlauf jetzt sperren</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Manual, Guide, How to, Questions</source>
        <translation>Handbuch, Anleitung, Fragen</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Export diagnostics</source>
        <translation>Diagnose exportieren</translation>
    </message>
    <message>
        <source>Support, Report, Problem, Versions, Auditor</source>
        <translation>Support, Bericht, Problem, Versionen, Prüfer</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Exit, Close</source>
        <translation>Verlassen, Schließen</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Break the line</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>A page up or down</source>
        <translation>Eine Seite nach oben oder unten</translation>
    </message>
    <message>
        <source>To the beginning or the end</source>
        <translation>Zum Anfang oder Ende</translation>
    </message>
    <message>
        <source>Select the whole conversation</source>
        <translation>Ganzes Gespräch auswählen</translation>
    </message>
    <message>
        <source>Copy what is selected</source>
        <translation>Auswahl kopieren</translation>
    </message>
    <message>
        <source>Open the chat</source>
        <translation>Chat öffnen</translation>
    </message>
    <message>
        <source>Rename the chat</source>
        <translation>Chat umbenennen</translation>
    </message>
    <message>
        <source>Delete the chat, or all marked ones</source>
        <translation>Den Chat oder alle markierten löschen</translation>
    </message>
    <message>
        <source>Mark from here upwards or downwards</source>
        <translation>Von hier nach oben oder unten markieren</translation>
    </message>
    <message>
        <source>Mark one more</source>
        <translation>Einen weiteren markieren</translation>
    </message>
    <message>
        <source>Mark all chats</source>
        <translation>Alle Chats markieren</translation>
    </message>
    <message>
        <source>Unmark all</source>
        <translation>Markierung aufheben</translation>
    </message>
    <message>
        <source>The chat’s menu</source>
        <translation>Menü des Chats</translation>
    </message>
</context>
<context>
    <name>WindowDiagnostics</name>
    <message>
        <source>Values that did not fit and were left out: {count}.</source>
        <translation>Werte, die nicht passten und weggelassen wurden: {count}.</translation>
    </message>
    <message>
        <source>The diagnostics were saved to {file}.</source>
        <translation>Die Diagnose wurde in {file} gespeichert.</translation>
    </message>
    <message>
        <source>The diagnostics were not saved.</source>
        <translation>Die Diagnose wurde nicht gespeichert.</translation>
    </message>
</context>
<context>
    <name>WindowDownloads</name>
    <message>
        <source>What can be downloaded is not known.</source>
        <translation>Was sich herunterladen lässt, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>Nothing is downloaded: your organisation decided so in {file}.</source>
        <translation>Nichts wird heruntergeladen: So hat es die Organisation in {file} bestimmt.</translation>
    </message>
    <message>
        <source>{model} was asked for already.</source>
        <translation>{model} wurde schon angefordert.</translation>
    </message>
    <message>
        <source>{model} waits.</source>
        <translation>{model} wartet.</translation>
    </message>
    <message>
        <source>To how many bits it is prepared was not kept.</source>
        <translation>Mit wie vielen Bits es vorbereitet wird, wurde nicht gemerkt.</translation>
    </message>
    <message>
        <source>This computer’s speed was not measured yet.</source>
        <translation>Die Geschwindigkeit dieses Computers wurde noch nicht gemessen.</translation>
    </message>
    <message>
        <source>Give up the download of {model}?</source>
        <translation>Den Download von {model} aufgeben?</translation>
    </message>
    <message>
        <source>What has arrived of it is deleted. It can be downloaded anew.</source>
        <translation>Was davon angekommen ist, wird gelöscht. Es lässt sich neu herunterladen.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>What has arrived was not deleted.</source>
        <translation>Was angekommen ist, wurde nicht gelöscht.</translation>
    </message>
</context>
<context>
    <name>WindowExports</name>
    <message>
        <source>Set by your organisation in {file}</source>
        <translation>Von der Organisation festgelegt in {file}</translation>
    </message>
</context>
<context>
    <name>WindowGraphics</name>
    <message>
        <source>The graphics card can’t be looked for.</source>
        <translation>Die Grafikkarte kann nicht gesucht werden.</translation>
    </message>
    <message>
        <source>The graphics card is not used: {reason}</source>
        <translation>Die Grafikkarte wird nicht genutzt: {reason}</translation>
    </message>
</context>
<context>
    <name>WindowModel</name>
    <message>
        <source>The model rests; it comes back when you write</source>
        <translation>Das Modell ruht; beim Schreiben kommt es zurück</translation>
    </message>
</context>
<context>
    <name>WindowModels</name>
    <message>
        <source>The model is loaded again when this answer is done.</source>
        <translation>Das Modell wird neu geladen, wenn diese Antwort fertig ist.</translation>
    </message>
    <message>
        <source>{model} is loaded when this answer is done.</source>
        <translation>{model} wird geladen, wenn diese Antwort fertig ist.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Install, Import, Verify, Remove, Files, Bundle, Download</source>
        <translation>Installieren, Importieren, Überprüfen, Entfernen, Dateien, Paket, Download</translation>
    </message>
    <message>
        <source>Use another model</source>
        <translation>Anderes Modell verwenden</translation>
    </message>
    <message>
        <source>Switch, Change, Load</source>
        <translation>Wechseln, Ändern, Laden</translation>
    </message>
    <message>
        <source>The model is answering. Stop the answer first.</source>
        <translation>Das Modell antwortet gerade. Zuerst die Antwort anhalten.</translation>
    </message>
    <message>
        <source>This model is larger than the memory</source>
        <translation>Dieses Modell ist größer als der Speicher</translation>
    </message>
    <message>
        <source>Load it anyway</source>
        <translation>Trotzdem laden</translation>
    </message>
</context>
<context>
    <name>WindowPalette</name>
    <message>
        <source>Untitled chat</source>
        <translation>Chat ohne Titel</translation>
    </message>
    <message>
        <source>No command is called so, and no chat has these words.</source>
        <translation>Kein Befehl heißt so, und kein Chat enthält diese Wörter.</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>Chats</translation>
    </message>
</context>
<context>
    <name>WindowUpdates</name>
    <message>
        <source>Version {version} starts with the next start.</source>
        <translation>Version {version} startet beim nächsten Start.</translation>
    </message>
    <message>
        <source>Close Pitcher</source>
        <translation>Pitcher schließen</translation>
    </message>
    <message>
        <source>It starts with the next start; this window goes on as it is.</source>
        <translation>Sie startet beim nächsten Start; dieses Fenster geht weiter wie bisher.</translation>
    </message>
    <message>
        <source>Version {current} is kept to change back to.</source>
        <translation>Version {current} bleibt erhalten, um zu ihr zurückzukehren.</translation>
    </message>
    <message>
        <source>Version {current}, which never started, is not kept.</source>
        <translation>Version {current}, die nie gestartet ist, bleibt nicht erhalten.</translation>
    </message>
    <message>
        <source>Use version {version} from the next start on?</source>
        <translation>Ab dem nächsten Start Version {version} verwenden?</translation>
    </message>
    <message>
        <source>Use version {version}</source>
        <translation>Version {version} verwenden</translation>
    </message>
</context>
<context>
    <name>_Dialog</name>
    <message>
        <source>Markdown, to read (*.md)</source>
        <translation>Markdown, zum Lesen (*.md)</translation>
    </message>
    <message>
        <source>HTML, to read and print (*.html)</source>
        <translation>HTML, zum Lesen und Drucken (*.html)</translation>
    </message>
    <message>
        <source>JSON, with every branch (*.json)</source>
        <translation>JSON, mit jedem Zweig (*.json)</translation>
    </message>
</context>
<context>
    <name>answer_rows</name>
    <message>
        <source>Thinking</source>
        <translation>Denken</translation>
    </message>
    <message>
        <source>Whether it thinks before it answers</source>
        <translation>Ob das Modell vor der Antwort nachdenkt</translation>
    </message>
    <message>
        <source>As recommended</source>
        <translation>Wie empfohlen</translation>
    </message>
    <message>
        <source>On</source>
        <translation>An</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Earlier thoughts</source>
        <translation>Frühere Gedanken</translation>
    </message>
    <message>
        <source>Whether the model reads again what it thought before</source>
        <translation>Ob das Modell frühere Gedanken erneut liest</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Dropped</source>
        <translation>Weggelassen</translation>
    </message>
    <message>
        <source>When a chat no longer fits</source>
        <translation>Wenn ein Chat nicht mehr passt</translation>
    </message>
    <message>
        <source>What the model does not read stays in the history</source>
        <translation>Was das Modell nicht liest, bleibt im Verlauf</translation>
    </message>
    <message>
        <source>Ask what to do</source>
        <translation>Nachfragen</translation>
    </message>
    <message>
        <source>Leave out the oldest</source>
        <translation>Das Älteste weglassen</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>Low is sober, high is wild</source>
        <translation>Niedrig ist nüchtern, hoch ist wild</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>How much of the likeliest is drawn from</source>
        <translation>Aus welchem Anteil der wahrscheinlichsten gewählt wird</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>How many of the likeliest are drawn from; 0 is all</source>
        <translation>Aus wie vielen der wahrscheinlichsten gewählt wird; 0 sind alle</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>What is less likely than this share of the likeliest is out</source>
        <translation>Was unwahrscheinlicher ist als dieser Teil des wahrscheinlichsten, fällt weg</translation>
    </message>
    <message>
        <source>Repeat penalty</source>
        <translation>Strafe für Wiederholung</translation>
    </message>
    <message>
        <source>Above 1, what was said is said less</source>
        <translation>Über 1 wird Gesagtes seltener gesagt</translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation>Strafe für Vorhandenes</translation>
    </message>
    <message>
        <source>Against words that were there</source>
        <translation>Gegen Wörter, die schon da waren</translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation>Strafe für Häufiges</translation>
    </message>
    <message>
        <source>Against words that were often there</source>
        <translation>Gegen Wörter, die oft da waren</translation>
    </message>
    <message>
        <source>Thinking budget</source>
        <translation>Gedankenbudget</translation>
    </message>
    <message>
        <source>Tokens before the answer must begin</source>
        <translation>Tokens, bis die Antwort beginnen muss</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Unbegrenzt</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>Längste Antwort</translation>
    </message>
    <message>
        <source>In tokens; empty for as long as fits</source>
        <translation>In Tokens; leer heißt: so lang wie Platz ist</translation>
    </message>
    <message>
        <source>As fits</source>
        <translation>Wie Platz ist</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Empty picks a new one each time</source>
        <translation>Leer wählt jedes Mal einen neuen</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>Zufällig</translation>
    </message>
</context>
<context>
    <name>backups</name>
    <message>
        <source>Daily</source>
        <translation>Täglich</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>Von Hand</translation>
    </message>
    <message>
        <source>Before an upgrade</source>
        <translation>Vor einer Umstellung</translation>
    </message>
</context>
<context>
    <name>deleting</name>
    <message>
        <source>Delete old chats?</source>
        <translation>Alte Chats löschen?</translation>
    </message>
    <message>
        <source>Chats that did not change for {days} days are deleted for good, from backups too: now, and from now on. Pinned chats stay. It can’t be undone.</source>
        <translation>Chats, die sich {days} Tage nicht änderten, werden endgültig gelöscht, auch aus Sicherungen: jetzt und künftig. Angeheftete Chats bleiben. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>The settings were not saved.</source>
        <translation>Die Einstellungen wurden nicht gespeichert.</translation>
    </message>
</context>
</TS>
