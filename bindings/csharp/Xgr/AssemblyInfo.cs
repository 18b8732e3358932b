#nullable enable

#if NET8_0_OR_GREATER
// Every signature is blittable: nothing has to be marshalled, at run time or by generated code.
[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]
#endif
