using System.Runtime.InteropServices;

namespace Streaming.Kafka.Native;

/// <summary>C strings of librdkafka.</summary>
internal static unsafe class Utf8
{
    public static string ToString(byte* text) => text is null ? "" : Marshal.PtrToStringUTF8((nint)text) ?? "";
}
