using System.Text;
using Streaming.Core.Errors;

namespace Streaming.Onnx;

/// <summary>
/// Finds the files that a model's tensors point to, by walking the ONNX file's protobuf fields (field numbers of the public IR specification): a model from
/// outside must not make the engine read any file of the machine.
/// </summary>
internal static class ExternalData
{
    private const int MaxDepth = 64;

    private enum Message
    {
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        SparseTensor,
        Function,
        Training,
        Entry,
        None,
    }

    /// <summary>Locations named by external tensors, in file order.</summary>
    /// <exception cref="ModelRefusedException">The bytes are not a protobuf message.</exception>
    public static IReadOnlyList<string> Locations(ReadOnlySpan<byte> model)
    {
        var found = new List<string>();
        Walk(new ProtobufReader(model), Message.Model, found, 0);
        return found;
    }

    private static void Walk(ProtobufReader reader, Message message, List<string> found, int depth)
    {
        if (depth > MaxDepth) throw new ModelRefusedException($"the model is nested deeper than {MaxDepth} messages");
        while (reader.Next(out var field, out var payload))
        {
            var child = Child(message, field);
            if (child == Message.Entry) AddLocation(new ProtobufReader(payload), found);
            else if (child != Message.None) Walk(new ProtobufReader(payload), child, found, depth + 1);
        }
    }

    private static Message Child(Message parent, int field) => (parent, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 20) => Message.Training,
        (Message.Model, 25) => Message.Function,
        (Message.Training, 1 or 2) => Message.Graph,
        (Message.Function, 7) => Message.Node,
        (Message.Function, 11) => Message.Attribute,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 15) => Message.SparseTensor,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Attribute, 22 or 23) => Message.SparseTensor,
        (Message.SparseTensor, 1 or 2) => Message.Tensor,
        (Message.Tensor, 13) => Message.Entry,
        _ => Message.None,
    };

    private static void AddLocation(ProtobufReader entry, List<string> found)
    {
        var key = "";
        var value = "";
        while (entry.Next(out var field, out var payload))
        {
            if (field == 1) key = Encoding.UTF8.GetString(payload);
            if (field == 2) value = Encoding.UTF8.GetString(payload);
        }

        if (key == "location") found.Add(value);
    }
}
