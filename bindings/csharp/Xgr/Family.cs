#nullable enable

using System;

namespace Xgr
{
    /// <summary>Families of chat models: how the replies of a model are written, as data.</summary>
    public static unsafe class Family
    {
        /// <summary>The names of the families that are compiled into the library, ascending.</summary>
        public static string[] Names
        {
            get
            {
                XgrLibrary.CheckVersion();
                var names = new string[(int)(uint)Native.xgr_family_count()];
                for (int i = 0; i < names.Length; ++i)
                    names[i] = Call.ReadName(Native.xgr_family_name((UIntPtr)(uint)i));
                return names;
            }
        }

        /// <summary>The file of a family of the library, JSON. A changed copy can be given wherever a family is
        /// asked for.</summary>
        public static string Text(string name)
        {
            if (name == null) throw new ArgumentNullException(nameof(name));
            string[] names = Names;
            int index = Array.IndexOf(names, name);
            if (index < 0)
            {
                throw new XgrException(
                    Status.InvalidArgument,
                    $"no family is named \"{name}\"; expected one of {string.Join(", ", names)}");
            }
            return Call.ReadName(Native.xgr_family_text((UIntPtr)(uint)index));
        }

        /// <summary>The structural tag that constrains the reply to a request, JSON for
        /// Compiler.CompileStructuralTag.</summary>
        /// <param name="family">Name or alias of a family; or the text of a family file or of a response template.
        /// </param>
        /// <param name="request">A request in the shape of OpenAI's APIs, JSON, as ToString() of a JsonNode gives
        /// it: tools, tool_choice, parallel_tool_calls, response_format, and what docs/families.md lists. Other
        /// members are ignored.</param>
        /// <param name="tokenizer">Tells which markers are tokens; null: all are text unless the request says
        /// otherwise.</param>
        public static string StructuralTag(string family, string request, Tokenizer? tokenizer = null)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                byte* name = call.Text(family, nameof(family), out UIntPtr nameSize);
                byte* wanted = call.Text(request, nameof(request), out UIntPtr wantedSize);
                IntPtr known = tokenizer == null ? IntPtr.Zero : call.Use(tokenizer.Handle);
                return call.Print((text, capacity, size, error) => Native.xgr_family_structural_tag(
                    name, nameSize, wanted, wantedSize, known, text, capacity, size, error));
            }
        }
    }
}
