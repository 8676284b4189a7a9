"""What can go wrong with the history, each with a sentence that says what to do.

ChatsError
├── StoreError                  reading or writing the database
│   ├── DamagedError            bytes are not what was written; a backup can be restored
│   ├── WrongKeyError           the key does not open this database
│   ├── NewerSchemaError        written by a later version of the program
│   ├── DiskFullError           nothing was lost; free some space
│   ├── DiskFailedError         the disk refused a write or a read
│   ├── StoreBusyError          another program holds the database
│   └── MissingError            no such conversation, message or preset
├── VaultError                  the key
│   ├── KeyringUnavailableError no keyring that is allowed, or it does not answer
│   ├── KeyringLockedError      it is locked, or its prompt was dismissed
│   ├── KeyMissingError         the keyring has no entry for this history
│   ├── KeyChangedError         its entry is not this history's key
│   ├── WrongPassphraseError
│   ├── PassphraseRefusedError  too short to be a new one
│   └── EnvelopeError           the file beside the database that says how it is locked
├── ProfileError                the folder
│   ├── NetworkShareError       it lies on another machine
│   └── InUseError              another Pitcher has it open
├── BackupError                 making or restoring a backup
└── TransferError               exporting or importing
    └── TargetExistsError       a file of that name is there, and stays unless asked
"""

from __future__ import annotations


class ChatsError(Exception):
    """The history could not do what was asked; the message is a sentence."""


class StoreError(ChatsError):
    """The database."""


class DamagedError(StoreError):
    """Its bytes are not what was written."""


class WrongKeyError(StoreError):
    """The key does not open it."""


class NewerSchemaError(StoreError):
    """A later version of the program wrote it."""


class DiskFullError(StoreError):
    """No space left; what was acknowledged is safe."""


class DiskFailedError(StoreError):
    """The disk refused; what was acknowledged is safe."""


class StoreBusyError(StoreError):
    """Another program holds it."""


class MissingError(StoreError):
    """What was asked for is not there."""


class VaultError(ChatsError):
    """The key could not be had or kept. `reason` names the case (`vault.words.Reason`) for
    whoever knows what else could be done, and words it anew.
    """

    def __init__(self, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason


class KeyringUnavailableError(VaultError):
    """No keyring that is allowed, or it does not answer."""


class KeyringLockedError(VaultError):
    """It is locked, or its prompt was dismissed."""


class KeyMissingError(VaultError):
    """It has no entry for this history."""


class KeyChangedError(VaultError):
    """Its entry is not this history's key."""


class WrongPassphraseError(VaultError):
    """The passphrase does not open this history."""


class PassphraseRefusedError(VaultError):
    """It can't be a new passphrase."""


class EnvelopeError(VaultError):
    """The file that says how a history is locked is damaged or of a later version."""


class ProfileError(ChatsError):
    """The folder that holds the history."""


class NetworkShareError(ProfileError):
    """It lies on another machine, where locks and fsync can't be trusted."""


class InUseError(ProfileError):
    """Another Pitcher has it open."""


class BackupError(ChatsError):
    """A backup could not be made, found or restored."""


class TransferError(ChatsError):
    """An export or an import failed; nothing was changed."""


class TargetExistsError(TransferError):
    """A file of that name is already there; it was not changed."""
