using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Xgr.Tests
{
    /// <summary>A line after `---`.</summary>
    internal sealed class Expectation
    {
        internal int Line;
        internal string Verb = "", Status = "", Pointer, Says = "";
        internal byte[] Text = new byte[0];
        internal long At = -1;
    }

    /// <summary>A source and what is expected of it; see tests/cases/README.md.</summary>
    internal sealed class Case
    {
        internal string Kind, Options, Source = "";
        internal readonly List<KeyValuePair<string, string>> Remotes = new List<KeyValuePair<string, string>>();
        internal readonly List<Expectation> Expectations = new List<Expectation>();

        /// <summary>The cases of a file.</summary>
        internal static List<Case> Read(string path)
        {
            var cases = new List<Case>();
            bool inSource = false, first = true;
            string[] lines = File.ReadAllText(path, new UTF8Encoding(false, true)).Split('\n');
            for (int i = 0; i < lines.Length; ++i)
            {
                string line = lines[i];
                Case last = cases.Count > 0 ? cases[cases.Count - 1] : null;
                if (!inSource && line.StartsWith("kind: ", StringComparison.Ordinal))
                {
                    string[] words = line.Substring(6).Split(new[] { ' ' }, 2);
                    cases.Add(new Case { Kind = words[0], Options = words.Length > 1 ? words[1] : "" });
                    inSource = first = true;
                }
                else if (inSource && line == "---") inSource = false;
                else if (inSource) first = last.AddSource(line, first);
                else if (line.Length > 0 && line[0] != '#' && last != null)
                {
                    last.Expectations.Add(ReadExpectation(line, i + 1));
                }
            }
            return cases;
        }

        /// <summary>Adds a line to the source or to the last remote; whether the next one begins a text.
        /// </summary>
        private bool AddSource(string line, bool first)
        {
            if (line.StartsWith("remote: ", StringComparison.Ordinal))
            {
                Remotes.Add(new KeyValuePair<string, string>(line.Substring(8), ""));
                return true;
            }
            string more = (first ? "" : "\n") + line;
            int last = Remotes.Count - 1;
            if (last < 0) Source += more;
            else Remotes[last] = new KeyValuePair<string, string>(Remotes[last].Key, Remotes[last].Value + more);
            return false;
        }

        private static Expectation ReadExpectation(string line, int number)
        {
            string[] words = line.Split(new[] { ' ' }, 2);
            var expectation = new Expectation { Line = number, Verb = words[0] };
            string rest = words.Length > 1 ? words[1].TrimStart(' ') : "";
            if (rest.StartsWith("\"", StringComparison.Ordinal)) expectation.Text = TakeString(ref rest);
            else
            {
                string[] parts = rest.Split(new[] { ' ' }, 2);
                expectation.Status = parts[0];
                rest = parts.Length > 1 ? parts[1] : "";
            }
            rest = " " + rest;
            int says = rest.IndexOf(" says \"", StringComparison.Ordinal);
            if (says >= 0)
            {
                string quoted = rest.Substring(says + 6);
                expectation.Says = Encoding.UTF8.GetString(TakeString(ref quoted));
                rest = rest.Substring(0, says);
            }
            for (int at; (at = rest.IndexOf("at ", StringComparison.Ordinal)) >= 0;)
            {
                rest = rest.Substring(at + 3);
                if (rest[0] == '"') expectation.Pointer = Encoding.UTF8.GetString(TakeString(ref rest));
                else expectation.At = long.Parse(rest.Split(' ')[0]);
            }
            return expectation;
        }

        /// <summary>Decodes a JSON string and removes it from the front of the rest.</summary>
        private static byte[] TakeString(ref string rest)
        {
            var bytes = new List<byte>();
            int i = 1;
            for (; i < rest.Length && rest[i] != '"'; ++i)
            {
                int code = rest[i];
                if (code == '\\') code = Escape(rest, ref i);
                else if (char.IsHighSurrogate(rest[i])) code = char.ConvertToUtf32(rest[i], rest[++i]);
                AppendUtf8(code, bytes);
            }
            rest = rest.Substring(Math.Min(i + 1, rest.Length));
            return bytes.ToArray();
        }

        private static int Escape(string text, ref int i)
        {
            char c = text[++i];
            int known = "bfnrt".IndexOf(c);
            if (c != 'u') return known < 0 ? c : "\b\f\n\r\t"[known];
            int code = Convert.ToInt32(text.Substring(i + 1, 4), 16);
            i += 4;
            bool pair = code >= 0xD800 && code < 0xDC00 && i + 6 < text.Length && text.Substring(i + 1, 2) == "\\u";
            if (!pair) return code;
            int low = Convert.ToInt32(text.Substring(i + 3, 4), 16);
            i += 6;
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }

        /// <summary>Also of half a surrogate pair, which Encoding.UTF8 would replace.</summary>
        private static void AppendUtf8(int code, List<byte> bytes)
        {
            int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
            byte[] first = { 0, 0xC0, 0xE0, 0xF0 };
            bytes.Add((byte)(first[more] | code >> (6 * more)));
            for (int i = more - 1; i >= 0; --i) bytes.Add((byte)(0x80 | (code >> (6 * i) & 0x3F)));
        }
    }
}
