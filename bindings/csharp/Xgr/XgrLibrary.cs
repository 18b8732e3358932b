#nullable enable

using System;

namespace Xgr
{
    /// <summary>The C library that is loaded.</summary>
    public static class XgrLibrary
    {
        private static bool s_checked;

        /// <summary>Version of the library: 1002003 is 1.2.3.</summary>
        public static int Version => Native.xgr_version();

        /// <summary>Throws unless the library is of the same major version as this assembly, and of the same
        /// minor version or a newer one. What creates objects from nothing calls it first.</summary>
        internal static void CheckVersion()
        {
            if (s_checked) return;
            int version = Find(), major = version / 1000000, minor = version / 1000 % 1000;
            if (major != Native.VersionMajor || minor < Native.VersionMinor)
            {
                throw new XgrException(
                    Status.InvalidState,
                    $"the library is version {major}.{minor}; this assembly needs "
                    + $"{Native.VersionMajor}.{Native.VersionMinor}");
            }
            s_checked = true;
        }

        private static int Find()
        {
            try
            {
                return Version;
            }
            catch (DllNotFoundException exception)
            {
                throw new DllNotFoundException(
                    "the C library (libxgr.so, libxgr.dylib or xgr.dll) was not found or cannot be loaded; put "
                    + "it beside the program, or into a folder where the system looks for libraries",
                    exception);
            }
        }
    }
}
