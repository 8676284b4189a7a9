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
        <source>Settings…	Ctrl+,</source>
        <translation>Einstellungen…	Strg+,</translation>
    </message>
    <message>
        <source>Sidebar	Ctrl+B</source>
        <translation>Seitenleiste	Strg+B</translation>
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
        <translation>Als Datei eingefügt: der Text ist lang.</translation>
    </message>
    <message>
        <source>Nothing was attached. {error}</source>
        <translation>Nichts wurde angehängt. {error}</translation>
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
        <translation>Keinen markieren</translation>
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
        <translation>Vorige 7 Tage</translation>
    </message>
    <message>
        <source>Previous 30 days</source>
        <translation>Vorige 30 Tage</translation>
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
</context>
<context>
    <name>ChatPage</name>
    <message>
        <source>Loading the model</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>What made this answer is not recorded.</source>
        <translation>Wie diese Antwort entstand, ist nicht aufgezeichnet.</translation>
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
        <translation>Noch keine Chats. Unten lässt sich schreiben; alles bleibt auf diesem Computer.</translation>
    </message>
    <message>
        <source>Chats are temporary here: nothing of them is stored.</source>
        <translation>Chats sind hier temporär: Nichts davon wird gespeichert.</translation>
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
        <translation>Es fehlt eine Frage zu den Anhängen.</translation>
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
        <source>The network is blocked</source>
        <translation>Das Netzwerk ist blockiert</translation>
    </message>
    <message>
        <source>The model is being loaded</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>You can write already. The answer comes when it is ready.</source>
        <translation>Schreiben geht schon. Die Antwort kommt, wenn es bereit ist.</translation>
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
    <name>EngineWorker</name>
    <message>
        <source>No model is loaded.</source>
        <translation>Es ist kein Modell geladen.</translation>
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
    <name>FormulaView</name>
    <message>
        <source>Formula</source>
        <translation>Formel</translation>
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
    <name>LinkKeys</name>
    <message>
        <source>Links: {targets}</source>
        <translation>Links: {targets}</translation>
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
    <name>LockDialog</name>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>What was tested</source>
        <translation>Was geprüft wurde</translation>
    </message>
    <message>
        <source>Ways out that were tried</source>
        <translation>Versuchte Wege nach draußen</translation>
    </message>
    <message>
        <source>{count} refused</source>
        <translation>{count} verweigert</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Verweigert</translation>
    </message>
    <message>
        <source>Not refused</source>
        <translation>Nicht verweigert</translation>
    </message>
    <message>
        <source>Not covered</source>
        <translation>Nicht abgedeckt</translation>
    </message>
    <message>
        <source>Local sockets stay open: the display, the session bus with the keyring, input methods and accessibility. The services behind them are the system’s own.</source>
        <translation>Lokale Sockets bleiben offen: Bildschirm, Sitzungsbus mit Schlüsselbund, Eingabemethoden und Bedienhilfen. Die Dienste dahinter gehören zum System.</translation>
    </message>
    <message>
        <source>Other programs on this computer, and whoever administers it, can read its memory and its screen.</source>
        <translation>Andere Programme auf diesem Computer, und wer ihn verwaltet, können Speicher und Bildschirm lesen.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
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
        <translation>Ersatz-Passphrase ersetzen…</translation>
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
    <name>ProseView</name>
    <message>
        <source>Text</source>
        <translation>Text</translation>
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
    <name>RegenerateDialog</name>
    <message>
        <source>Regenerate with other settings</source>
        <translation>Neu antworten mit anderen Einstellungen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
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
        <translation>Aller Wörter hier, ab dem nächsten Start</translation>
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
        <translation>Ruhen nach Minuten</translation>
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
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Keys, Help</source>
        <translation>Tasten, Hilfe</translation>
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
        <translation>Keinen markieren</translation>
    </message>
    <message>
        <source>The chat’s menu</source>
        <translation>Menü des Chats</translation>
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
        <translation>Keine Grenze</translation>
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
