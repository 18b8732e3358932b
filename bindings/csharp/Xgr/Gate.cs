#nullable enable

using System.Threading;

namespace Xgr
{
    /// <summary>Who is inside an object that one thread may change, or several ask at once: one word, of which a
    /// call makes two exchanges.</summary>
    internal struct Gate
    {
        private const int Closed = 1, Writer = 2, Reader = 4;

        private int _state;

        internal bool IsClosed => (Volatile.Read(ref _state) & Closed) != 0;

        /// <summary>Begins a call that changes the object. False: somebody is inside, or it is closed.</summary>
        internal bool EnterWrite() => Interlocked.CompareExchange(ref _state, Writer, 0) == 0;

        /// <summary>Ends it. True: the object was closed meanwhile, and is to be destroyed now.</summary>
        internal bool ExitWrite() => Interlocked.Add(ref _state, -Writer) == Closed;

        /// <summary>Begins a call that asks. False: somebody changes the object, or it is closed.</summary>
        internal bool EnterRead()
        {
            int state = Volatile.Read(ref _state);
            while ((state & (Closed | Writer)) == 0)
            {
                int found = Interlocked.CompareExchange(ref _state, state + Reader, state);
                if (found == state) return true;
                state = found;
            }
            return false;
        }

        /// <summary>Ends it. True: the object was closed meanwhile, and is to be destroyed now.</summary>
        internal bool ExitRead() => Interlocked.Add(ref _state, -Reader) == Closed;

        /// <summary>Lets nobody in any more. True: nobody is inside, and the object is to be destroyed now.
        /// </summary>
        internal bool Close()
        {
            int state = Volatile.Read(ref _state);
            while ((state & Closed) == 0)
            {
                int found = Interlocked.CompareExchange(ref _state, state | Closed, state);
                if (found == state) return state == 0;
                state = found;
            }
            return false;
        }
    }
}
