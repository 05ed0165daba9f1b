using System.Globalization;
using System.Text;
using Streaming.Core.Items;
using Streaming.Training.Onnx;

namespace Streaming.Training.NextItem;

/// <summary>
/// Writes a session encoder as what serves it: a table of item vectors, and the way from clicks to a vector among them. The same function as <see cref="EncoderPass"/> to 1e-5.
/// Input <c>clicks</c> int64 [N, L]: rows of the table, the latest click first; whatever is no row of it (-1 for no click) is left out, as the encoder leaves out items that it does not know.
/// Output <c>session</c> [N, D], of length 1, all zeros where nothing is known. An item scores scale × (session · its vector).
/// </summary>
internal sealed class SessionEncoderOnnx
{
    /// <summary>Name of the input.</summary>
    public const string Input = "clicks";

    /// <summary>Name of the output.</summary>
    public const string Output = "session";

    /// <summary>Element type of the input.</summary>
    public const string InputType = "int64";

    private readonly EncoderWeights _weights;
    private readonly int[] _order;
    private readonly float[] _units;

    /// <summary>Puts the items in the order of the table: by the bytes of their ids.</summary>
    /// <param name="weights">Trained.</param>
    /// <param name="ids">Ids of their items.</param>
    public SessionEncoderOnnx(EncoderWeights weights, ItemDictionary ids)
    {
        (_weights, _units) = (weights, new float[weights.Items.Length]);
        var d = weights.Dimensions;
        _order = [.. Enumerable.Range(0, weights.Items.Length / d)];
        Array.Sort(_order, ids.Compare);
        for (var row = 0; row < _order.Length; row++) weights.WriteUnit(_order[row], _units.AsSpan(row * d, d));
        Table = VectorTableBlob.Write(d, _order.Select((item, row) => new VectorTableEntry(ids.Id(item).ToArray(), _units[(row * d)..((row + 1) * d)])));
    }

    /// <summary>The table, in the form of the engine's own (<see cref="VectorTableBlob"/>): directions of the items.</summary>
    public byte[] Table { get; }

    /// <summary>Items in the order of the table.</summary>
    public ReadOnlySpan<int> Order => _order;

    /// <summary>What each column of the input is.</summary>
    /// <param name="prefixItems">Columns.</param>
    public static string[] Columns(int prefixItems) => [.. Enumerable.Range(0, prefixItems).Select(back => string.Create(CultureInfo.InvariantCulture, $"{Input}{back}"))];

    /// <summary>Name of the columns: sha256 of their names, a line each.</summary>
    /// <param name="prefixItems">Columns.</param>
    public static string Hash(int prefixItems) => ModelHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', Columns(prefixItems))));

    /// <summary>The model's bytes.</summary>
    /// <param name="scale">What a cosine is multiplied by; for whoever reads the file without its manifest.</param>
    public byte[] Model(float scale)
    {
        var (d, l) = (_weights.Dimensions, _weights.PrefixItems);
        var graph = new OnnxGraph("session-encoder").Metadata("feature_hash", Hash(l)).Metadata("items_sha256", VectorTableBlob.Sha256(Table)).Metadata("scale", scale.ToString(CultureInfo.InvariantCulture));
        graph.IntegerInput(Input, -1, l);
        Clicks(graph, d, l);
        Attention(graph, d);
        graph.Floats("mixing", _weights.Mixing(_weights.Dense), 2 * d, d).Floats("least_length", [1e-6f]);
        graph.Node("Concat", "joined", "last", "attended").Attribute("axis", 1).Node("MatMul", "mixed", "joined", "mixing");
        graph.Node("Add", "begun", "last", "attended").Node("Add", "whole", "begun", "mixed");
        graph.Node("Mul", "squares", "whole", "whole").Node("ReduceSum", "square_length", "squares", "axis_1").Attribute("keepdims", 1);
        graph.Node("Sqrt", "bare_length", "square_length").Node("Max", "length", "bare_length", "least_length");
        return graph.Node("Div", Output, "whole", "length").Output(Output, -1, d).ToBytes();
    }

    // x: directions of the known clicks plus vectors of their places among the known ones; zeros for all others. last: the latest known click's.
    private void Clicks(OnnxGraph graph, int d, int l)
    {
        var places = new float[l * d];
        for (var place = 0; place < l; place++) _weights.Place(_weights.Dense, place).CopyTo(places.AsSpan(place * d));
        graph.Floats("items", _units, _order.Length, d).Floats("places", places, l, d);
        graph.Integers("zero", [0]).Integers("item_count", [_order.Length]).Integers("axis_1", [1], 1).Integers("axis_2", [2], 1);
        graph.Node("GreaterOrEqual", "not_below", Input, "zero").Node("Less", "not_above", Input, "item_count").Node("And", "known", "not_below", "not_above");
        graph.Node("Where", "rows_known", "known", Input, "zero").Node("Gather", "directions", "items", "rows_known");
        graph.Node("Cast", "known_number", "known").Attribute("to", 7).Node("CumSum", "place", "known_number", "one").Attribute("exclusive", 1).Integers("one", [1]);
        graph.Node("Gather", "of_place", "places", "place").Node("Add", "placed", "directions", "of_place");
        graph.Node("Cast", "known_share", "known").Attribute("to", 1).Node("Unsqueeze", "known_column", "known_share", "axis_2").Node("Mul", "x", "placed", "known_column");
        graph.Node("Equal", "none_before", "place", "zero").Node("Cast", "last_share", "none_before").Attribute("to", 1);
        graph.Node("Unsqueeze", "last_column", "last_share", "axis_2").Node("Mul", "only_last", "x", "last_column").Node("ReduceSum", "last", "only_last", "axis_1").Attribute("keepdims", 0);
    }

    // Clicks that are left out have a logit so low that its exponential is zero.
    private void Attention(OnnxGraph graph, int d)
    {
        var dense = _weights.Dense;
        graph.Floats("query", _weights.Query(dense), d, d).Floats("key", _weights.Key(dense), d, d).Floats("bias", _weights.Bias(dense), d).Floats("read_out", _weights.ReadOut(dense), d, 1).Floats("lowest", [-1e30f]);
        graph.Node("Gemm", "asked", "last", "query", "bias").Node("Unsqueeze", "asked_row", "asked", "axis_1").Node("MatMul", "told", "x", "key");
        graph.Node("Add", "gate_logits", "told", "asked_row").Node("Sigmoid", "gates", "gate_logits").Node("MatMul", "logit_column", "gates", "read_out").Node("Squeeze", "logits", "logit_column", "axis_2");
        graph.Node("Where", "logits_known", "known", "logits", "lowest").Node("Softmax", "attention", "logits_known").Attribute("axis", 1);
        graph.Node("Unsqueeze", "attention_column", "attention", "axis_2").Node("Mul", "weighed", "x", "attention_column").Node("ReduceSum", "attended", "weighed", "axis_1").Attribute("keepdims", 0);
    }
}
