using Ops.Graphs;
using Ops.Onnx.Proto;
using Ops.Schemas;
using Ops.Specs;
using Ops.Tensors;
using AttributeType = Ops.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Ops.Onnx;

/// <summary>Makes the graphs of a model's messages; calls of the model's own functions become their bodies.</summary>
internal sealed class GraphImporter
{
    /// <summary>More nodes than this, with all functions inlined, are taken for an attack.</summary>
    private const int MaxNodes = 1 << 20;

    /// <summary>The names that inlining makes may take this many characters in all.</summary>
    private const long MaxNameCharacters = 1 << 28;

    /// <summary>Functions may call functions this deep.</summary>
    private const int MaxCalls = 64;

    private readonly string source;
    private readonly FunctionLibrary functions;
    private readonly TensorReader tensors;
    private readonly AttributeReader attributes;
    private readonly OpsetImports imports;
    private readonly HashSet<string> taken = [];
    private readonly List<FunctionProto> calls = [];
    private readonly Dictionary<FunctionProto, OpsetImports> functionImports = new(ReferenceEqualityComparer.Instance);
    private int nodeCount;
    private int callCount;
    private long nameCharacters;

    public GraphImporter(ModelProto model, OpsetImports imports, TensorReader tensors, string source)
    {
        this.source = source;
        this.imports = imports;
        this.tensors = tensors;
        functions = new FunctionLibrary(model.Functions, source);
        attributes = new AttributeReader(tensors);
        if (model.Functions.Count > 0)
            TakeNames(model.Graph);
    }

    /// <summary>The model's graph.</summary>
    public Graph Import(GraphProto graph) => Import(graph, new Frame(NameScope.Model(), imports, null));

    /// <summary>Where nodes are read: their names, their opsets, and the attributes of the function call around them.</summary>
    private sealed record Frame(NameScope Names, OpsetImports Imports, IReadOnlyDictionary<string, object>? Attributes);

    /// <summary>What the nodes of a graph become.</summary>
    private sealed class Parts
    {
        public HashSet<string> Inputs { get; init; } = [];
        public List<Node> Nodes { get; } = [];
        public Dictionary<string, TensorValue> Constants { get; } = [];
        public Dictionary<string, GraphValue> Declared { get; } = [];
        public List<string> Unsupported { get; } = [];
    }

    private void TakeNames(GraphProto? graph)
    {
        if (graph is null)
            return;
        taken.UnionWith(graph.Input.Select(i => i.Name));
        taken.UnionWith(graph.Initializer.Select(i => i.Name));
        taken.UnionWith(graph.SparseInitializer.Select(i => i.Values?.Name ?? ""));
        foreach (NodeProto node in graph.Node)
        {
            taken.UnionWith(node.Output);
            foreach (AttributeProto attribute in node.Attribute)
            {
                TakeNames(attribute.G);
                foreach (GraphProto inner in attribute.Graphs)
                    TakeNames(inner);
            }
        }
    }

    private Graph Import(GraphProto graph, Frame frame)
    {
        // The names a subgraph defines come first: a node may come before the one it reads.
        foreach (string name in graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(i => i.Name))
            .Concat(graph.Node.SelectMany(n => n.Output)))
            frame.Names.Define(name);
        var parts = new Parts { Inputs = [.. graph.Input.Select(i => frame.Names.Resolve(i.Name))] };
        foreach (TensorProto initialiser in graph.Initializer)
        {
            if (initialiser.Name.Length == 0)
                throw new OpException(source, "initializer", "an initialiser has no name");
            AddConstant(parts, frame.Names.Define(initialiser.Name), tensors.Read(initialiser));
        }
        foreach (SparseTensorProto sparse in graph.SparseInitializer)
            parts.Unsupported.Add($"sparse initialiser '{sparse.Values?.Name}'");
        foreach (NodeProto node in graph.Node)
            Add(node, frame, parts);
        foreach (ValueInfoProto info in graph.ValueInfo)
            parts.Declared[frame.Names.Resolve(info.Name)] = TypeReader.Read(info, frame.Names.Resolve(info.Name), source);
        return new Graph
        {
            Name = graph.Name,
            Inputs = [.. graph.Input.Select(i => Port(i, frame.Names))],
            Outputs = [.. graph.Output.Select(o => Port(o, frame.Names))],
            Nodes = parts.Nodes,
            Constants = parts.Constants,
            Declared = parts.Declared,
            Unsupported = parts.Unsupported,
        };
    }

    private GraphValue Port(ValueInfoProto info, NameScope names) => info.Name.Length > 0
        ? TypeReader.Read(info, names.Resolve(info.Name), source)
        : throw new OpException(source, "name", "an input or output of a graph has no name");

    private void AddConstant(Parts parts, string name, TensorValue value)
    {
        if (!parts.Constants.TryAdd(name, value))
            throw new OpException(source, "duplicate", $"there are two constants '{name}'");
    }

    private void Add(NodeProto proto, Frame frame, Parts parts)
    {
        string subject = $"{source}: node {Label(proto)}";
        if (++nodeCount > MaxNodes)
            throw new OpException(subject, "size", $"the model has more than {MaxNodes} nodes when its functions are inlined");
        if (proto.OpType.Length == 0)
            throw new OpException(subject, "op", "the node has no op type");
        Dictionary<string, object> values = Values(proto, frame, subject);
        if (functions.Find(proto) is { } function)
        {
            Inline(function, proto, values, frame, parts, subject);
            return;
        }
        if (proto.OpType == "Constant" && proto.Domain is "" or "ai.onnx" && proto.Output.Count == 1)
        {
            if (ConstantNode.Read(values, subject) is { } constant)
            {
                string name = frame.Names.Define(proto.Output[0]);
                // Only an initialiser may have an input's name: it is what the input is when nothing is given.
                if (parts.Inputs.Contains(name))
                    throw new OpException(subject, "duplicate", $"its output '{name}' is already an input of the graph");
                AddConstant(parts, name, constant);
                return;
            }
            parts.Unsupported.Add($"{Label(proto)} with a sparse value");
        }
        parts.Nodes.Add(new Node
        {
            Name = proto.Name,
            Op = proto.OpType,
            Domain = OpsetImports.Canonical(proto.Domain),
            Opset = frame.Imports.Of(proto, subject),
            BaseOpset = frame.Imports.Versions.GetValueOrDefault("ai.onnx"),
            Inputs = [.. proto.Input.Select(frame.Names.Resolve)],
            Outputs = [.. proto.Output.Select(frame.Names.Define)],
            Attributes = values.Count == 0 ? AttributeValues.None : new AttributeValues(values),
        });
    }

    private static string Label(NodeProto node) => node.Name.Length > 0 ? $"{node.OpType} '{node.Name}'"
        : node.Output.FirstOrDefault(o => o.Length > 0) is { } output ? $"{node.OpType} of '{output}'" : node.OpType;

    private Dictionary<string, object> Values(NodeProto node, Frame frame, string subject)
    {
        var values = new Dictionary<string, object>();
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.Name.Length == 0)
                throw new OpException(subject, "attribute", "an attribute has no name");
            if (attribute.RefAttrName.Length > 0)
            {
                if (frame.Attributes is null)
                    throw new OpException(subject, "attribute",
                        $"'{attribute.Name}' refers to '{attribute.RefAttrName}' outside a function");
                if (frame.Attributes.TryGetValue(attribute.RefAttrName, out object? given) && !values.TryAdd(attribute.Name, given))
                    throw Twice(attribute, subject);
                continue;
            }
            if (!values.TryAdd(attribute.Name, Value(attribute, frame, subject)))
                throw Twice(attribute, subject);
        }
        return values;
    }

    private static OpException Twice(AttributeProto attribute, string subject) =>
        new(subject, "attribute", $"'{attribute.Name}' is given twice");

    private object Value(AttributeProto attribute, Frame frame, string subject) => AttributeReader.KindOf(attribute, subject) switch
    {
        AttributeType.Graph => Import(attribute.G ?? throw new OpException(subject, "attribute", $"'{attribute.Name}' holds no graph"),
            frame with { Names = frame.Names.Subgraph() }),
        AttributeType.Graphs => attribute.Graphs.Select(g => Import(g, frame with { Names = frame.Names.Subgraph() })).ToArray(),
        _ => attributes.Read(attribute, subject),
    };

    private void Inline(FunctionProto function, NodeProto call, Dictionary<string, object> values, Frame frame, Parts parts, string subject)
    {
        if (calls.Contains(function))
            throw new OpException(subject, "recursion", $"function '{function.Name}' calls itself");
        if (calls.Count >= MaxCalls)
            throw new OpException(subject, "recursion", $"functions call functions more than {MaxCalls} deep");
        if (call.Input.Count > function.Input.Count || call.Output.Count > function.Output.Count)
            throw new OpException(subject, "function",
                $"function '{function.Name}' has {function.Input.Count} inputs and {function.Output.Count} outputs, "
                + $"the call {call.Input.Count} and {call.Output.Count}");

        string prefix = $"{function.Name}.{++callCount}";
        NameScope names = NameScope.Function(name => Fresh(prefix, name, subject));
        for (int i = 0; i < function.Input.Count; i++)
            names.Bind(function.Input[i], i < call.Input.Count ? frame.Names.Resolve(call.Input[i]) : "");
        // An output that is an input of the function is no value of its own.
        var copies = new List<(string From, string To)>();
        for (int i = 0; i < call.Output.Count; i++)
            if (call.Output[i].Length == 0)
                continue;
            else if (function.Input.Contains(function.Output[i]) || function.Output.Take(i).Contains(function.Output[i]))
                copies.Add((names.Resolve(function.Output[i]), frame.Names.Define(call.Output[i])));
            else
                names.Bind(function.Output[i], frame.Names.Define(call.Output[i]));

        foreach (string name in function.Attribute)
            if (!values.ContainsKey(name))
                throw new OpException(subject, "function", $"function '{function.Name}' requires the attribute '{name}'");
        foreach (AttributeProto attribute in function.AttributeProto)
            if (!values.ContainsKey(attribute.Name))
                values.Add(attribute.Name, Value(attribute, frame, subject));

        calls.Add(function);
        var inner = new Frame(names, ImportsOf(function), values);
        foreach (NodeProto node in function.Node)
            Add(node, inner, parts);
        foreach (ValueInfoProto info in function.ValueInfo)
            if (names.Resolve(info.Name) is { Length: > 0 } name)
                parts.Declared.TryAdd(name, TypeReader.Read(info, name, source));
        calls.RemoveAt(calls.Count - 1);
        foreach (var (from, to) in copies)
            parts.Nodes.Add(new Node
            {
                Op = "Identity",
                Domain = "ai.onnx",
                Opset = imports.Versions.GetValueOrDefault("ai.onnx", 1),
                Inputs = [from],
                Outputs = [to]
            });
    }

    private OpsetImports ImportsOf(FunctionProto function)
    {
        if (function.OpsetImport.Count == 0)
            return imports;
        if (!functionImports.TryGetValue(function, out OpsetImports? own))
            functionImports.Add(function, own = new OpsetImports(function.OpsetImport, source));
        return own;
    }

    private string Fresh(string prefix, string name, string subject)
    {
        string fresh = $"{prefix}/{name}";
        while (!taken.Add(fresh))
            fresh += "'";
        nameCharacters += fresh.Length;
        return nameCharacters <= MaxNameCharacters
            ? fresh : throw new OpException(subject, "size", "the names of the inlined functions take too much memory");
    }
}
