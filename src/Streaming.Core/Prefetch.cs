using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Streaming.Core;

/// <summary>
/// Asks the processor for memory that is wanted soon. Profiles lie all over the heap, and an event touches some twenty cache lines of one: asked for one after another, most of the time of
/// the fold is waiting. It is a hint: where the collector has moved an object meanwhile, a line is fetched in vain, and nothing else happens. Elsewhere than on x86 it does nothing.
/// </summary>
internal static unsafe class Prefetch
{
    private const int LineBytes = 64;

    /// <summary>The line of a place.</summary>
    public static void Line<T>(ref readonly T place)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
    }

    /// <summary>The lines of an object's fields.</summary>
    /// <param name="of">The object.</param>
    /// <param name="bytes">Bytes of it that are wanted.</param>
    public static void Object(object of, int bytes)
    {
        if (!Sse.IsSupported) return;
        var start = (byte*)Unsafe.AsPointer(ref Unsafe.As<Fields>(of).First);
        for (var at = 0; at < bytes; at += LineBytes) Sse.Prefetch0(start + at);
    }

    /// <summary>The lines of elements.</summary>
    public static void Elements<T>(ReadOnlySpan<T> elements)
    {
        if (!Sse.IsSupported || elements.IsEmpty) return;
        var start = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in elements[0]));
        var bytes = elements.Length * Unsafe.SizeOf<T>();
        for (var at = 0; at < bytes; at += LineBytes) Sse.Prefetch0(start + at);
    }

    // Only its first field's place is asked for.
    private sealed class Fields
    {
#pragma warning disable CS0649 // never read nor written
        public byte First;
#pragma warning restore CS0649
    }
}
