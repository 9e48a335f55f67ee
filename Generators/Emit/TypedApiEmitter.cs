using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the methods people call: InferShapes, Validate, and Run on the tensors of System.Numerics.Tensors.</summary>
internal sealed class TypedApiEmitter(CodeWriter writer, OpVersion version, string bind, bool hasKernel, bool packs)
{
    private readonly OpModel model = version.Model;
    private readonly IReadOnlyList<AttributeShape> attributes = version.Attributes;
    private string? inputDocs, attributeDocs;

    public void Emit()
    {
        InferShapes();
        if (!HasClrTypes())
            return;
        Validate();
        if (!hasKernel)
            return;
        if (packs)
            Pack();
        Run();
        RunInto();
    }

    private void Link(string section) => writer.Line(SpecLinks.CommentOfSection(model.Path, section));

    private string Schema => $"Schema{model.Since}";

    private bool Variadic => model.Inputs.Any(i => i.Family is not null);

    private string[] Generics { get; } = GenericsOf(version.Model);

    private static string[] GenericsOf(OpModel model) =>
        [.. model.Types.Where(t => model.Inputs.Concat(model.Outputs).Any(p => Element(p) is VariableElement v && v.Name == t.Name))
            .Select(t => GenericName(t.Name))];

    private string GenericList => Generics.Length == 0 ? "" : $"<{string.Join(", ", Generics)}>";

    private string Constraints => string.Concat(Generics.Select(g => $" where {g} : unmanaged"));

    /// <summary>Whether every port has an element type that C# has too.</summary>
    private bool HasClrTypes() => model.Outputs.All(o => o.Family is null) && model.Inputs.Concat(model.Outputs).All(p => Element(p) switch
    {
        FixedElement f => ElementDispatch.ClrType(f.Type) is not null,
        VariableElement v => v.FamilyIndex is null,
        _ => false,
    }) && model.Inputs.Count(i => i.Family is not null) == (Variadic ? model.Inputs.Count : 0);

    private static ElementRef? Element(Port port) => Element(port.Type);

    private static ElementRef? Element(PortType type) => type switch
    {
        TensorPort t => t.Element,
        ConditionalPort c when Element(c.Then) == Element(c.Otherwise) => Element(c.Then),
        _ => null,
    };

    /// <summary>A type variable's name as a type parameter: ONNX's T and T1 stay, others get the usual T in front.</summary>
    private static string GenericName(string name) => name.Length == 1 || name[0] == 'T' && name.Skip(1).All(char.IsDigit) ? name
        : name[0] == 'T' && name.Length > 1 && char.IsUpper(name[1]) ? name
        : "T" + name;

    private static string Clr(Port port) => Element(port) switch
    {
        FixedElement f => ElementDispatch.ClrType(f.Type)!,
        VariableElement v => GenericName(v.Name),
        _ => "",
    };

    private void InferShapes()
    {
        writer.Line();
        Link("outputs");
        writer.Doc("summary",
            "Infers type and shape of the outputs from what is known of the inputs. What is unknown passes; a contradiction throws.");
        InputDocs();
        AttributeDocs();
        foreach (Port output in model.Outputs)
        {
            if (output.Family is not null)
                writer.Doc("param", $"How many {output.Name} the caller asks for.", $"name=\"{output.Name}Count\"");
            else if (output.Optional)
                writer.Doc("param", $"Whether {output.Name} is asked for.", $"name=\"{Names.Has(output.Name)}\"");
        }
        bool single = model.Outputs.Count == 1 && model.Outputs[0].Family is null;
        writer.Doc("returns",
            single ? "What is known of the output." : "What is known of the outputs, in order; null for one not asked for.");
        Throws();
        List<string> parameters =
        [
            .. model.Inputs.Where(i => !i.Optional || i.Family is not null).Select(i => i.Family is not null
                ? $"IReadOnlyList<TensorType> {Names.Local(i.Name)}" : $"TensorType {Names.Local(i.Name)}"),
            .. model.Outputs.Where(o => o.Family is not null).Select(o => $"int {o.Name}Count"),
            .. RequiredAttributes,
            .. model.Inputs.Where(i => i.Optional && i.Family is null).Select(i => $"TensorType? {Names.Local(i.Name)} = null"),
            .. OptionalAttributes,
            .. model.Outputs.Where(o => o.Optional && o.Family is null).Select(o => $"bool {Names.Has(o.Name)} = false"),
        ];
        string count = model.Outputs.Any(o => o.Family is not null)
            ? string.Join(" + ", model.Outputs.Select(o => o.Family is not null ? o.Name + "Count" : "1")) : $"{model.Outputs.Count}";
        using (writer.Block($"public static {(single ? "TensorType" : "TensorType?[]")} InferShapes({string.Join(", ", parameters)})"))
        {
            writer.Line($"var inference = new ShapeInference({CodeWriter.Quote(model.Name)}, outputs: {count});");
            IEnumerable<string> arguments = model.Inputs.Select(i => Names.Local(i.Name)).Concat(attributes.Select(a => a.FromPublic))
                .Concat(model.Outputs.Where(o => o.Optional || o.Family is not null)
                    .Select(o => o.Family is not null ? o.Name + "Count" : Names.Has(o.Name)));
            writer.Line($"{bind}(inference, {Schema}, {string.Join(", ", arguments.Append("out _"))});");
            writer.Line(single ? "return inference.Outputs[0]!;" : "return inference.Outputs;");
        }
    }

    private void Validate()
    {
        writer.Line();
        string[] generics = [.. Generics.Where(g => model.Inputs.Any(i => Clr(i) == g))];
        Link(model.Rules.Count > 0 ? "constraints" : "inputs");
        writer.Doc("summary", "Checks types, ranks, dims, rules and data of a call without running it.");
        GenericDocs(generics);
        InputDocs();
        AttributeDocs();
        Throws();
        string list = generics.Length == 0 ? "" : $"<{string.Join(", ", generics)}>";
        using (writer.Block($"public static unsafe void Validate{list}({string.Join(", ", RunParameters(into: false, runs: false))}){string.Concat(generics.Select(g => $" where {g} : unmanaged"))}"))
            Pinned([], () =>
            {
                writer.Line(
                    $"var inference = new ShapeInference({CodeWriter.Quote(model.Name)}, outputs: {model.Outputs.Count}, concrete: true);");
                writer.Line($"{bind}(inference, {Schema}, {BindArguments(o => "false")}, out _);");
            });
    }

    private void Pack()
    {
        writer.Line();
        Link("kernel");
        writer.Doc("summary", "Packs inputs that many calls will share, for Run and RunInto to be given beside them.");
        string[] generics = [.. Generics.Where(g => model.Inputs.Any(i => Clr(i) == g))];
        GenericDocs(generics);
        PortDocs(model.Inputs, "Left out, it may differ from call to call.");
        AttributeDocs();
        writer.Doc("returns", "The packed inputs; to be disposed after the last call.");
        Throws();
        string list = generics.Length == 0 ? "" : $"<{string.Join(", ", generics)}>";
        IEnumerable<string> parameters =
            RequiredAttributes.Concat(model.Inputs.Select(i => $"in ReadOnlyTensorSpan<{Clr(i)}> {Names.Local(i.Name)} = default"))
            .Concat(OptionalAttributes);
        using (writer.Block($"public static unsafe PackedInputs Pack{list}({string.Join(", ", parameters)}){string.Concat(generics.Select(g => $" where {g} : unmanaged"))}"))
            Pinned([], () =>
            {
                writer.Line(
                    $"var inference = new ShapeInference({CodeWriter.Quote(model.Name)}, outputs: {model.Outputs.Count}, packs: true);");
                writer.Line(
                    $"{bind}(inference, {Schema}, {BindArguments(o => "false", mayMiss: true)}, out Args args);");
                writer.Line($"ReadOnlySpan<Operand> inputs = [{InputOperands()}];");
                writer.Line("return new PackedInputs(Pack(in args, inputs), inputs);");
            });
    }

    /// <summary>Runs the kernel, on packed inputs where there are some.</summary>
    /// <param name="outputs">The operands.</param>
    /// <param name="isGiven">Whether they are the caller's, who might give memory of an input.</param>
    private void Execute(string outputs, bool isGiven = false)
    {
        if (!packs && !isGiven)
        {
            writer.Line($"Execute(in args, [{InputOperands()}], [{outputs}]);");
            return;
        }
        writer.Line($"{(packs ? "" : "ReadOnly")}Span<Operand> inputs = [{InputOperands()}];");
        if (isGiven)
        {
            writer.Line($"ReadOnlySpan<Operand> outputs = [{outputs}];");
            writer.Line($"TypedTensors.RequireApart({Schema}, inputs, outputs{SharedMemory.Of(model)});");
        }
        if (packs)
            writer.Line($"packed?.Use({CodeWriter.Quote(model.Name)}, [{string.Join(", ", model.Inputs.Select(i => CodeWriter.Quote(i.Name)))}], inputs);");
        writer.Line($"Execute(in args, inputs, {(isGiven ? "outputs" : $"[{outputs}]")});");
    }

    private void Run()
    {
        // Where all are optional, all are wanted.
        Port[] outputs = [.. model.Outputs.Where(o => !o.Optional || model.Outputs.All(other => other.Optional))];
        writer.Line();
        Link("kernel");
        writer.Doc("summary", outputs.Length == model.Outputs.Count
            ? $"{model.Summary} The outputs are allocated." : $"{model.Summary} The required outputs are allocated.");
        string[] generics = [.. Generics.Where(g => model.Inputs.Concat(outputs).Any(i => Clr(i) == g))];
        GenericDocs(generics);
        InputDocs();
        AttributeDocs();
        PackedDocs();
        writer.Doc("returns", outputs.Length == 1 ? $"{outputs[0].Name}, {PatternText(outputs[0])}."
            : string.Join("; ", outputs.Select(o => $"{o.Name}, {PatternText(o)}")) + ".");
        Throws();
        string result = outputs.Length == 1
            ? $"Tensor<{Clr(outputs[0])}>" : $"({string.Join(", ", outputs.Select(o => $"Tensor<{Clr(o)}> {Names.Local(o.Name)}"))})";
        string list = generics.Length == 0 ? "" : $"<{string.Join(", ", generics)}>";
        using (writer.Block($"public static unsafe {result} Run{list}({string.Join(", ", RunParameters(into: false))}){string.Concat(generics.Select(g => $" where {g} : unmanaged"))}"))
            Pinned([], () =>
            {
                writer.Line(
                    $"var inference = new ShapeInference({CodeWriter.Quote(model.Name)}, outputs: {model.Outputs.Count}, concrete: true);");
                writer.Line($"{bind}(inference, {Schema}, {BindArguments(o => outputs.Contains(o) ? "true" : "false")}, out Args args);");
                foreach (Port output in outputs)
                    writer.Line($"Tensor<{Clr(output)}> {Names.Local(output.Name)} = TypedTensors.Allocate<{Clr(output)}>({CodeWriter.Quote(model.Name)}, {CodeWriter.Quote(output.Name)}, inference.Outputs[{PortTypes.IndexOf(model.Outputs, output.Name)}]);");
                foreach (Port output in outputs)
                    writer.Line($"fixed ({Clr(output)}* {output.Name}Data = {Names.Local(output.Name)})");
                using (writer.Block())
                    Execute(string.Join(", ",
                        model.Outputs.Select(o => !outputs.Contains(o)
                            ? "Operand.Absent" : $"TypedTensors.Operand<{Clr(o)}>({Names.Local(o.Name)}.Lengths, {o.Name}Data)")));
                writer.Line(outputs.Length == 1 ? $"return {Names.Local(outputs[0].Name)};"
                    : $"return ({string.Join(", ", outputs.Select(o => Names.Local(o.Name)))});");
            });
    }

    /// <summary>
    /// The filling form has a name of its own: tensors convert to spans of both kinds, so that as an overload of Run it would take an
    /// optional input for the output and overwrite it.
    /// </summary>
    private void RunInto()
    {
        writer.Line();
        Link("kernel");
        writer.Doc("summary", $"{model.Summary} The outputs given are filled; an optional one may be left out.");
        GenericDocs(Generics);
        InputDocs();
        PortDocs(model.Outputs);
        AttributeDocs();
        PackedDocs();
        Throws();
        using (writer.Block($"public static unsafe void RunInto{GenericList}({string.Join(", ", RunParameters(into: true))}){Constraints}"))
            Pinned(model.Outputs, () =>
            {
                writer.Line(
                    $"var inference = new ShapeInference({CodeWriter.Quote(model.Name)}, outputs: {model.Outputs.Count}, concrete: true);");
                writer.Line(
                    $"{bind}(inference, {Schema}, {BindArguments(o => $"TypedTensors.IsGiven({Names.Local(o.Name)})")}, out Args args);");
                foreach (Port output in model.Outputs)
                    writer.Line($"TypedTensors.RequireFits({CodeWriter.Quote(model.Name)}, {CodeWriter.Quote(output.Name)}, {Names.Local(output.Name)}, inference.Outputs[{PortTypes.IndexOf(model.Outputs, output.Name)}]);");
                Execute(string.Join(", ", model.Outputs.Select(o => $"TypedTensors.Operand({Names.Local(o.Name)}, {o.Name}Data)")),
                    isGiven: true);
            });
    }

    private string InputOperands() => Variadic
        ? string.Join(", ", model.Inputs.Select(i => $".. {i.Name}Pins.Operands"))
        : string.Join(", ", model.Inputs.Select(i => $"TypedTensors.{(IsScalar(i) ? "Scalar" : "Operand")}({i.Name}Dense, {i.Name}Data)"));

    /// <param name="wants">Whether an optional output is asked for.</param>
    /// <param name="mayMiss">Whether required inputs may be left out.</param>
    private string BindArguments(Func<Port, string> wants, bool mayMiss = false) => string.Join(", ",
        model.Inputs.Select(i => i.Family is not null ? $"{i.Name}Pins.Types"
            : $"TypedTensors.{(IsScalar(i) ? "ScalarTypeOf" : "TypeOf")}({i.Name}Dense, {i.Name}Data)" + (i.Optional ? ""
                : mayMiss ? " ?? TensorType.Unknown"
                : $" ?? throw {Schema}.MissingInput({PortTypes.IndexOf(model.Inputs, i.Name)})"))
            .Concat(attributes.Select(a => a.FromPublic)).Concat(model.Outputs.Where(o => o.Optional).Select(wants)));

    private void Pinned(IReadOnlyList<Port> outputs, Action body)
    {
        foreach (Port input in model.Inputs)
        {
            if (input.Family is not null)
                writer.Line($"using var {input.Name}Pins = new PinnedTensors<{Clr(input)}>({Names.Local(input.Name)});");
            else
                writer.Line($"ReadOnlyTensorSpan<{Clr(input)}> {input.Name}Dense = TypedTensors.Dense({Names.Local(input.Name)});");
        }
        bool any = false;
        foreach (Port input in model.Inputs)
        {
            if (input.Family is not null)
                continue;
            writer.Line($"fixed ({Clr(input)}* {input.Name}Data = {input.Name}Dense)");
            any = true;
        }
        foreach (Port output in outputs)
        {
            writer.Line($"fixed ({Clr(output)}* {output.Name}Data = {Names.Local(output.Name)})");
            any = true;
        }
        if (!any)
        {
            body();
            return;
        }
        using (writer.Block())
            body();
    }

    private IEnumerable<string> RunParameters(bool into, bool runs = true)
    {
        foreach (Port input in model.Inputs)
            if (input.Family is null && !input.Optional)
                yield return $"in ReadOnlyTensorSpan<{Clr(input)}> {Names.Local(input.Name)}";
        if (into)
            foreach (Port output in model.Outputs)
                if (!output.Optional)
                    yield return $"in TensorSpan<{Clr(output)}> {Names.Local(output.Name)}";
        foreach (Port input in model.Inputs)
            if (input.Family is not null)
                yield return $"ReadOnlySpan<Tensor<{Clr(input)}>> {Names.Local(input.Name)}";
        foreach (string parameter in RequiredAttributes)
            yield return parameter;
        foreach (Port input in model.Inputs)
            if (input.Family is null && input.Optional)
                yield return $"in ReadOnlyTensorSpan<{Clr(input)}> {Names.Local(input.Name)} = default";
        foreach (string parameter in OptionalAttributes)
            yield return parameter;
        if (into)
            foreach (Port output in model.Outputs)
                if (output.Optional)
                    yield return $"in TensorSpan<{Clr(output)}> {Names.Local(output.Name)} = default";
        if (packs && runs)
            yield return "PackedInputs? packed = null";
    }

    private IEnumerable<string> RequiredAttributes => attributes.Select(a => a.PublicParameter).Where(p => p.IndexOf('=') < 0);

    private IEnumerable<string> OptionalAttributes => attributes.Select(a => a.PublicParameter).Where(p => p.IndexOf('=') >= 0);

    private void GenericDocs(string[] generics)
    {
        foreach (TypeVariable variable in model.Types)
            if (generics.Contains(GenericName(variable.Name)))
                writer.Doc("typeparam", "One of " + string.Join(", ", variable.Allowed.Select(Ops.Specs.Types.ElementTypes.Name)) + ".",
                    $"name=\"{GenericName(variable.Name)}\"");
    }

    /// <summary>The parameters that most methods have, written once.</summary>
    private void InputDocs()
    {
        if (inputDocs is not null)
        {
            writer.Again(inputDocs);
            return;
        }
        int mark = writer.Mark;
        PortDocs(model.Inputs);
        inputDocs = writer.Since(mark);
    }

    private void PortDocs(IReadOnlyList<Port> ports, string remark = "")
    {
        foreach (Port port in ports)
        {
            string doc = model.DocOf(port.Name) is { } text ? $" {Sentence(text)}" : "";
            writer.Doc("param",
                $"{PatternText(port)}{(IsScalar(port) ? ", a tensor of one element" : "")}{(port.Optional ? ", optional" : "")}.{doc}{(remark.Length == 0 ? "" : " " + remark)}",
                $"name=\"{Names.Local(port.Name).TrimStart('@')}\"");
        }
    }

    private void AttributeDocs()
    {
        if (attributeDocs is not null)
        {
            writer.Again(attributeDocs);
            return;
        }
        int mark = writer.Mark;
        foreach (AttributeModel attribute in model.Attributes)
        {
            string doc = model.DocOf(attribute.Name) is { } text ? Sentence(text) : $"The attribute {attribute.Name}.";
            string range = attribute.In is null ? "" : $" In {attribute.InText}.";
            writer.Doc("param", doc + range, $"name=\"{Names.Local(attribute.Name).TrimStart('@')}\"");
        }
        attributeDocs = writer.Since(mark);
    }

    private void PackedDocs()
    {
        if (packs)
            writer.Doc("param", "What Pack made of inputs of this call, which are given all the same.", "name=\"packed\"");
    }

    private void Throws() =>
        writer.Doc("exception", "A type, rank, dim or rule is broken; the message has the rule, the names and the values seen.",
            "cref=\"Ops.Specs.OpException\"");

    private static string Sentence(string text) =>
        text.Length == 0 ? ""
            : char.ToUpperInvariant(text[0]) + text.Substring(1) + (text.EndsWith(".", StringComparison.Ordinal) ? "" : ".");

    /// <summary>Whether a port has no axes, which no tensor of System.Numerics.Tensors can say.</summary>
    private static bool IsScalar(Port port) => port.Type is TensorPort { Items.Count: 0 };

    private static string PatternText(Port port) => PortTypes.Text(port.Type);
}
