"""Frames of the Jetstream v2 wire: JSON, packed with zstd where the host hands out its dictionary."""

import zstandard
from atproto_jetstream.exceptions import JetstreamDecodingError
from atproto_jetstream.models import ErrorFrame, parse_frame
from zstandard import ZstdCompressionDict, ZstdDecompressor

from ingest.net.http import Http
from models.clock import Clock
from models.errors import GrapevineError

LARGEST_FRAME_BYTES = 32 * 1024 * 1024
DICTIONARY_SECONDS = 10.0


class Undecodable(ValueError):
    """Not a frame of this wire, or packed with a dictionary that is not here."""


class EndedByHost(Exception):
    """The host ends the stream with an error: `error` is its code, for example "ConsumerTooSlow"."""

    def __init__(self, error: str, message: str | None):
        super().__init__(f"{error}: {message}" if message else error)
        self.error = error


class Frames:
    """Reads the frames of one host. A host without a usable dictionary sends them unpacked."""

    def __init__(self, host: str, clock: Clock):
        self._address = f"http{host.removeprefix('ws')}/xrpc/network.bsky.jetstream.getZstdDictionary"
        self._http = Http(clock, answer_seconds=DICTIONARY_SECONDS)
        self._dictionary: ZstdCompressionDict | None = None
        self._unpack: ZstdDecompressor | None = None
        self._refused_id: int | None = None
        self._is_due = True

    @property
    def dictionary_id(self) -> int | None:
        """The dictionary to ask the host to pack with."""
        return None if self._dictionary is None else self._dictionary.dict_id()

    async def fetch_dictionary(self) -> None:
        """Fetch the host's dictionary if it was not asked for yet, or if the host refused the last one."""
        if not self._is_due:
            return
        self._is_due = False
        try:
            answer = await self._http.attempt(self._address)
            dictionary = ZstdCompressionDict(answer.body, dict_type=zstandard.DICT_TYPE_FULLDICT)
            unpack = ZstdDecompressor(dict_data=dictionary)
        except (GrapevineError, zstandard.ZstdError):
            return
        # A host of several machines may hand out what another of them refuses.
        if answer.status == 200 and dictionary.dict_id() != self._refused_id:
            self._dictionary, self._unpack = dictionary, unpack

    def dictionary_was_refused(self) -> None:
        """The host no longer packs with this dictionary: fetch another before the next connection."""
        self._refused_id, self._is_due = self.dictionary_id, True
        self._dictionary = self._unpack = None

    def payload(self, raw: str | bytes) -> dict:
        """What a frame carries. Raises Undecodable, EndedByHost."""
        try:
            if self._unpack is not None and isinstance(raw, bytes):
                # The limit below holds only for a frame that does not state its size.
                if zstandard.frame_content_size(raw) > LARGEST_FRAME_BYTES:
                    raise Undecodable("larger than a frame may be")
                raw = self._unpack.decompress(raw, max_output_size=LARGEST_FRAME_BYTES)
            frame = parse_frame(raw)
        except (zstandard.ZstdError, JetstreamDecodingError) as error:
            raise Undecodable(str(error)) from error
        if isinstance(frame, ErrorFrame):
            raise EndedByHost(str(frame.error), frame.message)
        return frame.payload
