#nullable enable

using System;
using System.Runtime.InteropServices;

namespace Xgr
{
    /// <summary>A tree of proposed tokens. Node 0 is its root and stands for the output so far: its token is not
    /// looked at. Either Parents is given, or FirstChildren and NextSiblings together.</summary>
    public ref struct DraftTree
    {
        /// <summary>Token id of each node, any value.</summary>
        public ReadOnlySpan<int> Tokens { get; set; }

        /// <summary>The node before each, in any order; that of the root is -1.</summary>
        public ReadOnlySpan<int> Parents { get; set; }

        /// <summary>The first node behind each; -1: none.</summary>
        public ReadOnlySpan<int> FirstChildren { get; set; }

        /// <summary>The next node with the same parent; -1: none.</summary>
        public ReadOnlySpan<int> NextSiblings { get; set; }
    }

    // Masks along tokens that another model proposes, for speculative decoding.
    public sealed unsafe partial class Matcher
    {
        /// <summary>Writes the masks along a chain of proposed tokens: the one before each token, and the one after
        /// the last. How many of the tokens are accepted, up to the first that is not; rows that no output leads to
        /// allow everything and are Terminated. The matcher is afterwards as before.</summary>
        /// <param name="tokens">The proposed tokens.</param>
        /// <param name="masks">A row more than there are tokens, one behind the other.</param>
        /// <param name="maskWords">Words from one row to the next, at least MaskWords.</param>
        /// <param name="kinds">Gets what each row says; may be empty.</param>
        public int FillDraft(ReadOnlySpan<int> tokens, Span<uint> masks, int maskWords,
                             Span<MaskKind> kinds = default(Span<MaskKind>))
        {
            int rows = tokens.Length + 1;
            Room("kinds", kinds.Length, rows);
            UIntPtr words = Call.Size(maskWords, nameof(maskWords)), valid;
            Status status;
            fixed (int* first = &MemoryMarshal.GetReference(tokens))
            fixed (uint* mask = &MemoryMarshal.GetReference(masks))
            fixed (MaskKind* kind = &MemoryMarshal.GetReference(kinds))
            {
                status = Native.xgr_matcher_fill_draft(
                    EnterWrite(), first, (UIntPtr)(uint)tokens.Length, mask, (UIntPtr)(uint)masks.Length, words,
                    kinds.IsEmpty ? null : kind, (UIntPtr)(uint)kinds.Length, &valid);
            }
            ExitWrite();
            if (status == Status.InvalidArgument) CheckRows(masks.Length, maskWords, rows);
            if (status != Status.Ok) XgrException.Check(status, _cancellation);
            return (int)(uint)valid;
        }

        /// <summary>Writes the masks after the nodes of a tree of proposed tokens; rows that no output leads to allow
        /// everything and are Terminated. The matcher is afterwards as before.</summary>
        /// <param name="tree">The nodes.</param>
        /// <param name="masks">A row for each node, one behind the other.</param>
        /// <param name="maskWords">Words from one row to the next, at least MaskWords.</param>
        /// <param name="kinds">Gets what each row says; may be empty.</param>
        /// <param name="valid">Gets 1 for each node that the output can lead to, else 0; may be empty.</param>
        public void FillDraftTree(DraftTree tree, Span<uint> masks, int maskWords,
                                  Span<MaskKind> kinds = default(Span<MaskKind>),
                                  Span<int> valid = default(Span<int>))
        {
            int nodes = tree.Tokens.Length;
            Room("kinds", kinds.Length, nodes);
            Room("valid", valid.Length, nodes);
            Links("Parents", tree.Parents.Length, nodes);
            Links("FirstChildren", tree.FirstChildren.Length, nodes);
            Links("NextSiblings", tree.NextSiblings.Length, nodes);
            UIntPtr words = Call.Size(maskWords, nameof(maskWords));
            int rows = kinds.IsEmpty && valid.IsEmpty ? 0 : nodes;
            Status status;
            fixed (uint* mask = &MemoryMarshal.GetReference(masks))
            fixed (MaskKind* kind = &MemoryMarshal.GetReference(kinds))
            fixed (int* isValid = &MemoryMarshal.GetReference(valid))
            fixed (int* tokens = &MemoryMarshal.GetReference(tree.Tokens))
            fixed (int* parents = &MemoryMarshal.GetReference(tree.Parents))
            fixed (int* firstChildren = &MemoryMarshal.GetReference(tree.FirstChildren))
            fixed (int* nextSiblings = &MemoryMarshal.GetReference(tree.NextSiblings))
            {
                var raw = new xgr_draft_tree_t
                {
                    struct_size = (UIntPtr)(uint)sizeof(xgr_draft_tree_t),
                    tokens = tokens,
                    node_count = (UIntPtr)(uint)nodes,
                    parents = tree.Parents.IsEmpty ? null : parents,
                    first_children = tree.FirstChildren.IsEmpty ? null : firstChildren,
                    next_siblings = tree.NextSiblings.IsEmpty ? null : nextSiblings,
                };
                status = Native.xgr_matcher_fill_draft_tree(
                    EnterWrite(), mask, (UIntPtr)(uint)masks.Length, words, kinds.IsEmpty ? null : kind,
                    valid.IsEmpty ? null : isValid, (UIntPtr)(uint)rows, &raw);
            }
            ExitWrite();
            if (status == Status.InvalidArgument)
            {
                CheckRows(masks.Length, maskWords, nodes);
                throw new XgrException(
                    status, $"the links are no tree of {nodes} nodes; expected Parents, or FirstChildren and "
                    + "NextSiblings, node 0 as the root, and each of the others reached once from there");
            }
            if (status != Status.Ok) XgrException.Check(status, _cancellation);
        }

        /// <summary>Throws what is wrong with the rows of a call that refused its arguments, if anything.</summary>
        private void CheckRows(int maskCount, int maskWords, int rows)
        {
            if (maskWords < MaskWords)
            {
                throw new XgrException(
                    Status.InvalidArgument, $"the rows have {maskWords} words; expected at least {MaskWords}");
            }
            long needed = (long)rows * maskWords;
            if (maskCount >= needed) return;
            throw new XgrException(
                Status.InvalidArgument,
                $"the masks have {maskCount} words; expected at least {needed}, {rows} rows of {maskWords}");
        }

        private static void Room(string name, int length, int rows)
        {
            if (length == 0 || length >= rows) return;
            throw new XgrException(
                Status.InvalidArgument, $"{name} has room for {length} rows; expected at least {rows}");
        }

        private static void Links(string name, int length, int nodes)
        {
            if (length == 0 || length == nodes) return;
            throw new XgrException(
                Status.InvalidArgument, $"{name} has {length} nodes, Tokens {nodes}; expected as many");
        }
    }
}
