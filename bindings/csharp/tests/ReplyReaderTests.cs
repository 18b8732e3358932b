using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;

namespace Xgr.Tests
{
    internal static class ReplyReaderTests
    {
        private const string Request =
            "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\","
            + "\"properties\":{\"city\":{\"type\":\"string\"},\"days\":{\"type\":\"integer\"}}}}}]}";

        private const string Reply =
            "hm</think>\n\nLet me look. <tool_call>\n<function=weather>\n<parameter=city>\n12 \u00e9\n</parameter>\n"
            + "<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>";

        internal static void Run()
        {
            Harness.Run("reply reader: any pieces", Pieces);
            Harness.Run("reply reader: numbers and ids", Ids);
            Harness.Run("reply reader: what is wrong is told", Wrong);
            Harness.Run("reply reader: what is missing is told", Missing);
            Harness.Run("reply reader: misuse", Misuse);
            Harness.Run("reply reader: one thread at a time", Threads);
        }

        private static ReplyReaderOptions Begin(ReplyBegin begin) => new ReplyReaderOptions { Begin = begin };

        private static List<ReplyEvent> Read(ReplyReader reader, byte[] reply, int piece)
        {
            var events = new List<ReplyEvent>();
            for (int at = 0; at < reply.Length; at += piece)
            {
                reader.Feed(new ReadOnlySpan<byte>(reply, at, Math.Min(piece, reply.Length - at)));
                events.AddRange(reader.Events());
            }
            reader.Finish();
            events.AddRange(reader.Events());
            Harness.Equal(ReplyEventKind.None, reader.NextEvent().Kind);
            return events;
        }

        private static List<ReplyEvent> Read(ReplyReader reader, string reply)
        {
            using (reader) return Read(reader, Encoding.UTF8.GetBytes(reply), reply.Length * 3);
        }

        private static string TextOf(IEnumerable<ReplyEvent> events, ReplyEventKind kind)
        {
            return string.Concat(events.Where(found => found.Kind == kind).Select(found => found.Text));
        }

        private static void Pieces()
        {
            byte[] reply = Encoding.UTF8.GetBytes(Reply);
            for (int piece = 1; piece <= reply.Length; piece += piece < 5 ? 1 : reply.Length - 5)
            {
                using (Tokenizer tokenizer = Bytes.Tokenizer())
                using (var reader = new ReplyReader("qwen_3_coder", Request, tokenizer, Begin(ReplyBegin.Reasoning)))
                {
                    List<ReplyEvent> events = Read(reader, reply, piece);
                    Harness.Equal("hm", TextOf(events, ReplyEventKind.Reasoning));
                    Harness.Equal("Let me look.", TextOf(events, ReplyEventKind.Text).Trim());
                    ReplyEvent call = events.Single(found => found.Kind == ReplyEventKind.CallBegin);
                    Harness.Equal("weather", call.Text);
                    Harness.Equal((long)Reply.IndexOf("<tool_call>", StringComparison.Ordinal), call.ByteOffset);
                    Harness.Equal("{\"city\":\"12 \u00e9\",\"days\":3}", TextOf(events, ReplyEventKind.Arguments));
                    Harness.Equal(ReplyEventKind.CallEnd, events[events.Count - 2].Kind);
                    Harness.Equal(ReplyEventKind.End, events[events.Count - 1].Kind);
                    Harness.True(events.All(found => found.Problem == ""), "no problem");
                }
            }
        }

        private static void Ids()
        {
            string calls = string.Concat(new[] { "f:7", "g:8" }.Select(
                name => $"<|tool_call_begin|>functions.{name}<|tool_call_argument_begin|>{{}}<|tool_call_end|>"));
            List<ReplyEvent> events = Read(
                new ReplyReader("kimi_k2", options: Begin(ReplyBegin.Outside)),
                $"<|tool_calls_section_begin|>{calls}<|tool_calls_section_end|>");
            Harness.Same(
                new[] { "f 7 0", "g 8 1" },
                events.Where(found => found.Kind == ReplyEventKind.CallBegin)
                    .Select(found => $"{found.Text} {found.Id} {found.Call}"));
        }

        private static void Wrong()
        {
            List<ReplyEvent> events = Read(
                new ReplyReader("hermes", options: Begin(ReplyBegin.Outside)), "a<tool_call>x</tool_call>b");
            Harness.Equal("<tool_call>x</tool_call>", TextOf(events, ReplyEventKind.Malformed));
            Harness.Equal("ab", TextOf(events, ReplyEventKind.Text));
            ReplyEvent malformed = events.First(found => found.Kind == ReplyEventKind.Malformed);
            Harness.True(malformed.Problem.Length > 10, malformed.Problem);
            Harness.Equal(12L, malformed.ByteOffset);
        }

        private static void Missing()
        {
            List<ReplyEvent> events = Read(new ReplyReader("hermes", options: Begin(ReplyBegin.Reasoning)), "hm");
            ReplyEvent end = events[events.Count - 1];
            Harness.Equal(ReplyEventKind.End, end.Kind);
            Harness.True(end.Problem.Contains("reasoning"), end.Problem);
        }

        private static void Misuse()
        {
            Harness.True(
                Harness.Fails(Status.InvalidArgument, () => new ReplyReader("hemres")).Message.Contains("hermes"),
                "the families are told");
            Harness.Fails(Status.InvalidSource, () => new ReplyReader("hermes", "{\"tools\": 1}"));
            Harness.Fails(Status.InvalidArgument, () => new ReplyReader("hermes", options: Begin((ReplyBegin)3)));
            Harness.Throws<ArgumentNullException>(() => new ReplyReader(null));
            var reader = new ReplyReader("hermes");
            Harness.Throws<ArgumentNullException>(() => reader.Feed((string)null));
            reader.Feed("");
            reader.Feed(ReadOnlySpan<byte>.Empty);
            reader.Finish();
            Harness.Fails(Status.InvalidState, () => reader.Feed("a"));
            Harness.Fails(Status.InvalidState, () => reader.Finish());
            Harness.Equal(ReplyEventKind.End, reader.Events().Last().Kind);
            reader.Dispose();
            reader.Dispose();
            Harness.Throws<ObjectDisposedException>(() => reader.Feed("a"));
            Harness.Throws<ObjectDisposedException>(() => reader.Finish());
            Harness.Throws<ObjectDisposedException>(() => reader.NextEvent());
        }

        private static void Threads()
        {
            var reader = new ReplyReader("hermes", options: Begin(ReplyBegin.Outside));
            var piece = new byte[1 << 20];
            int busy = 0, disposed = 0;
            ThreadStart work = () =>
            {
                try
                {
                    while (true)
                    {
                        try
                        {
                            reader.Feed(piece);
                            reader.NextEvent();
                        }
                        catch (InvalidOperationException exception) when (!(exception is ObjectDisposedException))
                        {
                            Interlocked.Increment(ref busy);
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref disposed);
                }
            };
            Thread[] threads = { new Thread(work), new Thread(work) };
            foreach (Thread thread in threads) thread.Start();
            for (int i = 0; i < 5000 && Volatile.Read(ref busy) == 0; ++i) Thread.Sleep(1);
            reader.Dispose();
            foreach (Thread thread in threads) thread.Join();
            Harness.True(busy > 0, "one of them was told that the other is inside");
            Harness.Equal(2, disposed);
        }
    }
}
