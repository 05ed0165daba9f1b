using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Streaming.Training.Onnx;

/// <summary>
/// Builds an ONNX model node by node and writes its bytes. Equal calls give equal bytes. Outputs are float32; the row axis is called <c>rows</c>.
/// </summary>
public sealed class OnnxGraph
{
    /// <summary>Operator set of the default domain that the nodes are written for.</summary>
    public const int Opset = 17;

    private const int IrVersion = 8;
    private const string RowAxis = "rows";
    private readonly ModelProto _model;

    /// <summary>An empty model.</summary>
    /// <param name="name">Name of the graph.</param>
    public OnnxGraph(string name)
    {
        _model = new ModelProto { IrVersion = IrVersion, ProducerName = "streaming", Graph = new GraphProto { Name = name } };
        _model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
    }

    /// <summary>Adds a float input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Sizes by axis; -1: the number of rows.</param>
    public OnnxGraph Input(string name, params long[] shape)
    {
        _model.Graph.Input.Add(Value(name, TensorProto.Types.DataType.Float, shape));
        return this;
    }

    /// <summary>Adds an int64 input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Sizes by axis; -1: the number of rows.</param>
    public OnnxGraph IntegerInput(string name, params long[] shape)
    {
        _model.Graph.Input.Add(Value(name, TensorProto.Types.DataType.Int64, shape));
        return this;
    }

    /// <summary>Declares a value as a float output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Sizes by axis; -1: the number of rows.</param>
    public OnnxGraph Output(string name, params long[] shape)
    {
        _model.Graph.Output.Add(Value(name, TensorProto.Types.DataType.Float, shape));
        return this;
    }

    /// <summary>Adds a float constant.</summary>
    public OnnxGraph Floats(string name, ReadOnlySpan<float> values, params long[] shape)
    {
        _model.Graph.Initializer.Add(Tensor(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape));
        return this;
    }

    /// <summary>Adds an int64 constant.</summary>
    public OnnxGraph Integers(string name, ReadOnlySpan<long> values, params long[] shape)
    {
        _model.Graph.Initializer.Add(Tensor(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), shape));
        return this;
    }

    /// <summary>Adds a float constant whose data would lie in another file; what a reader of untrusted models must refuse outside the model's folder.</summary>
    public OnnxGraph ExternalFloats(string name, string location, params long[] shape)
    {
        var tensor = Tensor(name, TensorProto.Types.DataType.Float, [], shape);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        _model.Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">Operator, e.g. <c>Gemm</c>.</param>
    /// <param name="output">Name of what it makes; also the node's name.</param>
    /// <param name="inputs">Names of what it takes.</param>
    public OnnxGraph Node(string operation, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = operation, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        _model.Graph.Node.Add(node);
        return this;
    }

    /// <summary>Gives the node added last an integer attribute.</summary>
    public OnnxGraph Attribute(string name, long value)
    {
        _model.Graph.Node[^1].Attribute.Add(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });
        return this;
    }

    /// <summary>Gives the node added last a text attribute.</summary>
    public OnnxGraph Attribute(string name, string value) =>
        With(new AttributeProto { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String });

    /// <summary>Gives the node added last a list of integers.</summary>
    public OnnxGraph Attribute(string name, IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return With(attribute);
    }

    /// <summary>Gives the node added last a list of numbers.</summary>
    public OnnxGraph Attribute(string name, IEnumerable<float> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
        attribute.Floats.AddRange(values);
        return With(attribute);
    }

    /// <summary>Gives the node added last a list of texts.</summary>
    public OnnxGraph Attribute(string name, IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return With(attribute);
    }

    /// <summary>Says that the node added last is of another operator set than the default one; see <see cref="Import"/>.</summary>
    public OnnxGraph InDomain(string domain)
    {
        _model.Graph.Node[^1].Domain = domain;
        return this;
    }

    /// <summary>Names a further operator set, once.</summary>
    public OnnxGraph Import(string domain, int version)
    {
        if (_model.OpsetImport.All(o => o.Domain != domain)) _model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return this;
    }

    /// <summary>Adds a metadata entry.</summary>
    public OnnxGraph Metadata(string key, string value)
    {
        _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return this;
    }

    /// <summary>The model's bytes.</summary>
    public byte[] ToBytes() => _model.ToByteArray();

    private OnnxGraph With(AttributeProto attribute)
    {
        _model.Graph.Node[^1].Attribute.Add(attribute);
        return this;
    }

    private static TensorProto Tensor(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> data, long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = type };
        tensor.Dims.AddRange(shape);
        if (data.Length > 0) tensor.RawData = ByteString.CopyFrom(data); // raw data is little endian by the specification, as are all supported machines
        return tensor;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, long[] shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape)
        {
            dimensions.Dim.Add(size < 0 ? new TensorShapeProto.Types.Dimension { DimParam = RowAxis } : new TensorShapeProto.Types.Dimension { DimValue = size });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = type, Shape = dimensions };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
