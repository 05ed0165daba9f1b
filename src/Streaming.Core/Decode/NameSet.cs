namespace Streaming.Core.Decode;

/// <summary>Names of one record's unknown fields, to find one that occurs twice. Bounded by the options' fields and value bytes; reused record after record.</summary>
internal sealed class NameSet(int maxNames, int maxBytes)
{
    private readonly TextRange[] _names = new TextRange[maxNames];
    private readonly byte[] _bytes = new byte[maxBytes];
    private int _count;
    private int _used;

    /// <summary>Empties the set.</summary>
    public void Clear() => _count = _used = 0;

    /// <summary>Adds a name; false where it is there already. A name beyond the bounds is not added: its record is too large anyway.</summary>
    public bool TryAdd(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_bytes.AsSpan(_names[i].Start, _names[i].Length).SequenceEqual(name)) return false;
        }

        if (_count == _names.Length || name.Length > _bytes.Length - _used) return true;
        name.CopyTo(_bytes.AsSpan(_used));
        _names[_count++] = new TextRange(_used, name.Length);
        _used += name.Length;
        return true;
    }
}
