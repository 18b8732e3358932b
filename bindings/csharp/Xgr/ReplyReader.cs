#nullable enable

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Xgr
{
    /// <summary>Options of a reader. What is not set has its default.</summary>
    public sealed class ReplyReaderOptions
    {
        /// <summary>Where the reply begins.</summary>
        public ReplyBegin Begin { get; set; }

        internal static unsafe xgr_reply_reader_options_t* Raw(ReplyReaderOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_reply_reader_options_t*)call.Zeroed(sizeof(xgr_reply_reader_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_reply_reader_options_t);
            raw->begin = options.Begin;
            return raw;
        }
    }

    /// <summary>One event of a reply: see ReplyReader.</summary>
    public readonly struct ReplyEvent
    {
        /// <summary>What was found; None: nothing until more bytes come.</summary>
        public ReplyEventKind Kind { get; }

        /// <summary>Text of the event. It never ends inside of a character that goes on.</summary>
        public string Text { get; }

        /// <summary>Id of a call that begins, "" when it has none.</summary>
        public string Id { get; }

        /// <summary>One line: what is wrong or missing; "" when nothing is.</summary>
        public string Problem { get; }

        /// <summary>Place in the reply in bytes; where a call is malformed, of the first byte that does not fit.
        /// </summary>
        public long ByteOffset { get; }

        /// <summary>Number of the call, the first is 0; 0 for events of other kinds.</summary>
        public int Call { get; }

        internal unsafe ReplyEvent(xgr_reply_event_t raw)
        {
            Kind = raw.kind;
            Text = Xgr.Call.Read(raw.text, raw.text_size) ?? "";
            Id = Xgr.Call.Read(raw.id, raw.id_size) ?? "";
            Problem = Xgr.Call.Read(raw.problem, raw.problem_size) ?? "";
            ByteOffset = (long)raw.byte_offset;
            Call = raw.call;
        }
    }

    /// <summary>Reads one reply of a family of chat models back, as it comes in: bytes go in, cut anywhere, and
    /// events come out as soon as they are certain. It needs neither a grammar nor a matcher. For one thread at a
    /// time.</summary>
    public sealed unsafe class ReplyReader : IDisposable
    {
        private readonly ReplyReaderHandle _handle;
        private readonly IntPtr _pointer;
        private Gate _gate;

        /// <summary>A reader of a reply that has not begun yet.</summary>
        /// <param name="family">Name or alias of a family; or the text of a family file or of a response template.
        /// </param>
        /// <param name="request">The request that is answered, JSON: its tools tell the types of arguments where
        /// the family does not write them. Null: it is not known.</param>
        /// <param name="tokenizer">Tells the suffix of markers where a family has one; null: there is none.</param>
        /// <param name="options">Null means defaults.</param>
        public ReplyReader(string family, string? request = null, Tokenizer? tokenizer = null,
                           ReplyReaderOptions? options = null)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                byte* name = call.Text(family, nameof(family), out UIntPtr nameSize);
                byte* answered = call.OptionalText(request, out UIntPtr answeredSize);
                IntPtr known = tokenizer == null ? IntPtr.Zero : call.Use(tokenizer.Handle);
                IntPtr reader = IntPtr.Zero, error = IntPtr.Zero;
                Status status = Native.xgr_reply_reader_create(
                    name, nameSize, answered, answeredSize, known, ReplyReaderOptions.Raw(options, call), &reader,
                    &error);
                XgrException.Check(status, error);
                _handle = new ReplyReaderHandle(reader);
                _pointer = reader;
            }
        }

        /// <summary>Takes the next bytes of the reply. Special tokens count with the text of their names; tokens
        /// that end the reply may be left out. What may still become a marker is held back; events of all else are
        /// ready then.</summary>
        public void Feed(ReadOnlySpan<byte> bytes)
        {
            IntPtr reader = Enter();
            Status status;
            fixed (byte* first = &MemoryMarshal.GetReference(bytes))
            {
                status = Native.xgr_reply_reader_feed(reader, first, (UIntPtr)(uint)bytes.Length);
            }
            Exit();
            CheckFed(status);
        }

        /// <summary>Takes the UTF-8 of the next text of the reply.</summary>
        public void Feed(string text)
        {
            using (var call = new Call())
            {
                byte* bytes = call.Text(text, nameof(text), out UIntPtr size);
                Feed(new ReadOnlySpan<byte>(bytes, (int)(uint)size));
            }
        }

        /// <summary>Tells that the reply is over. Its last event will be ReplyEventKind.End.</summary>
        public void Finish()
        {
            IntPtr reader = Enter();
            Status status = Native.xgr_reply_reader_finish(reader);
            Exit();
            CheckFed(status);
        }

        /// <summary>Takes the next event; its kind is ReplyEventKind.None when there is none.</summary>
        public ReplyEvent NextEvent()
        {
            xgr_reply_event_t found = default(xgr_reply_event_t);
            found.struct_size = (UIntPtr)(uint)sizeof(xgr_reply_event_t);
            IntPtr reader = Enter();
            try
            {
                XgrException.Check(Native.xgr_reply_reader_next_event(reader, &found));
                return new ReplyEvent(found);
            }
            finally
            {
                Exit();
            }
        }

        /// <summary>Takes the events that are ready, one by one.</summary>
        public IEnumerable<ReplyEvent> Events()
        {
            for (ReplyEvent found = NextEvent(); found.Kind != ReplyEventKind.None; found = NextEvent())
                yield return found;
        }

        /// <summary>Destroys it, or if a call is inside, has that call do so. Events that were taken stay valid.
        /// </summary>
        public void Dispose()
        {
            if (_gate.Close()) _handle.Dispose();
        }

        private IntPtr Enter()
        {
            if (_gate.EnterWrite()) return _pointer;
            if (_gate.IsClosed) throw new ObjectDisposedException(nameof(ReplyReader));
            throw new InvalidOperationException(
                "the reader is inside another call; use it from one thread at a time");
        }

        private void Exit()
        {
            if (_gate.ExitWrite()) _handle.Dispose();
        }

        private static void CheckFed(Status status)
        {
            if (status == Status.InvalidState)
            {
                throw new XgrException(
                    status, "the reply is over, as Finish was called; expected a new ReplyReader for the next reply");
            }
            XgrException.Check(status);
        }
    }
}
