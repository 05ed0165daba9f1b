using System.Text.Json;

namespace Streaming.Faults.Workload;

/// <summary>Which models recommendations name: each must be one that was there to be loaded, and in a partition never one from before that which a list named already.</summary>
internal sealed class ListedModels
{
    private readonly List<string> _versions = [];
    private readonly HashSet<int> _named = [];
    private readonly Dictionary<int, int> _last = [];
    private readonly List<string> _faults = [];

    /// <summary>What is wrong with them.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_versions) return [.. _faults];
        }
    }

    /// <summary>A model is there from now on; call it before it is.</summary>
    public void Add(string version)
    {
        lock (_versions) _versions.Add(version);
    }

    /// <summary>Takes a recommendation; one that no model scored in time names none.</summary>
    public void Hear(int partition, ReadOnlySpan<byte> recommendation)
    {
        var reader = new Utf8JsonReader(recommendation);
        using var json = JsonDocument.ParseValue(ref reader);
        if (!json.RootElement.TryGetProperty("modelVersion", out var named) || named.GetString() is not { } version) return;
        lock (_versions)
        {
            var index = _versions.IndexOf(version);
            if (index < 0) _faults.Add($"a list of partition {partition} names the model {version}, which was never there");
            else if (index < _last.GetValueOrDefault(partition)) _faults.Add($"a list of partition {partition} names the model {version} after one of {_versions[_last[partition]]}");
            else
            {
                _last[partition] = index;
                _named.Add(index);
            }
        }
    }

    /// <summary>Waits until a list names a model; false where the limit came first.</summary>
    public async Task<bool> IsNamedAsync(string version, TimeSpan limit, CancellationToken cancellation)
    {
        for (var end = DateTime.UtcNow + limit; DateTime.UtcNow < end; await Task.Delay(50, cancellation))
        {
            lock (_versions)
            {
                if (_named.Contains(_versions.IndexOf(version))) return true;
            }
        }

        return false;
    }
}
