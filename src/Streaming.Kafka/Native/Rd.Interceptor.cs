using System.Runtime.InteropServices;

namespace Streaming.Kafka.Native;

internal static unsafe partial class Rd
{
    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_interceptor_add_on_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int InterceptNew(nint conf, string name, delegate* unmanaged[Cdecl]<nint, nint, nint, byte*, nuint, int> callback, nint opaque);

    [LibraryImport(Library, EntryPoint = "rd_kafka_interceptor_add_on_request_sent", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int InterceptSent(nint client, string name, delegate* unmanaged[Cdecl]<nint, int, byte*, int, short, short, int, nuint, nint, int> callback, nint opaque);
}
