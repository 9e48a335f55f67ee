using Ops.Specs.Bodies;
using Ops.Specs.Checks;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Text;
using Ops.Specs.Types;

namespace Ops.Specs.Binding;

/// <summary>Binds one version: declares its names, types its expressions, checks its rules. A broken item is reported and left
/// out.</summary>
internal sealed class SpecBinder
{
    private readonly MergedSpec spec;
    private readonly ISpecScope scope;
    private readonly DiagnosticBag bag;
    private readonly CancellationToken ct;
    private readonly SymbolTable symbols;
    private readonly ExpressionBinder expressions;
    private readonly ShapeBinder shapes;
    private readonly TypeVariables variables;
    private readonly HashSet<string> brokenSets = [];
    private bool undeclarable;

    internal SpecBinder(MergedSpec spec, ISpecScope scope, DiagnosticBag bag, CancellationToken ct)
    {
        this.spec = spec;
        this.scope = scope;
        this.bag = bag;
        this.ct = ct;
        symbols = new SymbolTable(bag);
        expressions = new ExpressionBinder(symbols, bag);
        shapes = new ShapeBinder(symbols, expressions, bag);
        variables = new TypeVariables(symbols, bag, spec.Types, spec.Attributes);
    }

    /// <summary>The model; null when the version cannot be declared.</summary>
    /// <param name="checks">Whether to ask also what binding itself need not know.</param>
    internal OpModel? Bind(bool checks)
    {
        Declare();
        EquatableArray<Let> lets = BindLets();
        ct.ThrowIfCancellationRequested();
        EquatableArray<TypeVariable> types = spec.Types.Select(BindType).OfType<TypeVariable>().ToEquatableArray();
        EquatableArray<Port> inputs = spec.Inputs.Select(p => BindPort(p, output: false)).OfType<Port>().ToEquatableArray();
        shapes.CheckOpenRanks(spec.Inputs);
        EquatableArray<AttributeModel> attributes = spec.Attributes.Select(BindAttribute).OfType<AttributeModel>().ToEquatableArray();
        EquatableArray<Port> outputs = spec.Outputs.Select(p => BindPort(p, output: true)).OfType<Port>().ToEquatableArray();
        ct.ThrowIfCancellationRequested();
        EquatableArray<Rule> rules = spec.Constraints.Select(BindRule).OfType<Rule>().ToEquatableArray();
        EquatableArray<Preset> presets = new PresetBinder(expressions, bag).Bind(spec.Presets, spec.Attributes, attributes);
        KernelModel? kernel = new KernelBinder(symbols, bag).Bind(spec.Kernel);
        BodyModel? body = BindBody(spec);
        EquatableArray<BodyOverride> later = spec.Overrides.Select(o => BindBody(o) is { } b ? new BodyOverride(o.Opset, b) : null)
            .OfType<BodyOverride>().ToEquatableArray();
        if (spec.Kernel is null && spec.Equations is null && !spec.BodyBroken && spec.Document?.Keys.Count > 0)
            bag.Report(SpecRules.NoBody, spec.NameSpan,
                $"'{spec.Name}' has neither a 'body' nor a 'kernel'; 'kernel: manual' leaves all of it to be written by hand");
        EquatableArray<Doc> docs = BindDocs();
        OpModel? model = undeclarable || spec.Nameless
            ? null : Model(types, inputs, outputs, attributes, lets, rules, docs, body, later, kernel, presets);
        if (!checks)
            return model;
        var version = new BoundVersion(spec, symbols, bag, model, lets, rules, scope.Published);
        VersionChecks.Run(version);
        ct.ThrowIfCancellationRequested();
        BodyShapeCheck.Run(version, scope);
        return model;
    }

    /// <summary>The model without what no caller sees; null when the version cannot be declared.</summary>
    internal OpModel? BindCalls()
    {
        Declare();
        EquatableArray<Let> lets = BindLets();
        EquatableArray<TypeVariable> types = spec.Types.Select(BindType).OfType<TypeVariable>().ToEquatableArray();
        EquatableArray<Port> inputs = spec.Inputs.Select(p => BindPort(p, output: false)).OfType<Port>().ToEquatableArray();
        EquatableArray<AttributeModel> attributes = spec.Attributes.Select(BindAttribute).OfType<AttributeModel>().ToEquatableArray();
        EquatableArray<Port> outputs = spec.Outputs.Select(p => BindPort(p, output: true)).OfType<Port>().ToEquatableArray();
        EquatableArray<Rule> rules = spec.Constraints.Select(BindRule).OfType<Rule>().ToEquatableArray();
        KernelModel? kernel = new KernelBinder(symbols, bag).Bind(spec.Kernel);
        return undeclarable || spec.Nameless
            ? null : Model(types, inputs, outputs, attributes, lets, rules, docs: [], body: null, later: [], kernel, presets: []) with
        {
            Summary = "", Remarks = ""
        };
    }

    private OpModel Model(
        EquatableArray<TypeVariable> types, EquatableArray<Port> inputs, EquatableArray<Port> outputs,
        EquatableArray<AttributeModel> attributes, EquatableArray<Let> lets,
        EquatableArray<Rule> rules, EquatableArray<Doc> docs, BodyModel? body, EquatableArray<BodyOverride> later, KernelModel? kernel,
        EquatableArray<Preset> presets)
    {
        string[] summary = (spec.Summary?.Value ?? "").Trim().Replace("\r\n", "\n").Split(['\n'], 2);
        return new OpModel
        {
            Name = spec.Name,
            Domain = spec.Domain,
            Since = spec.Since,
            Opset = spec.Opset,
            Path = spec.Path,
            Summary = summary[0].Trim(),
            Remarks = summary.Length > 1 ? summary[1].Trim() : "",
            Types = types,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes,
            Dims = symbols.All.Where(s => s.Dim is not null).Select(s => new DimSymbol(s.Name, s.Dim!.Value, s.OnlyWith.ToEquatableArray()))
                .ToEquatableArray(),
            Lets = lets,
            Rules = rules,
            Docs = docs,
            Body = body,
            LaterBodies = later,
            Kernel = kernel,
            Presets = presets,
        };
    }

    private void Declare()
    {
        foreach (Entry<TypeVariableSyntax> type in spec.Types)
            Declare(new Symbol(type.Name, SymbolKind.TypeVariable, type.NameSpan) { Type = ExprTypes.Dtype });
        foreach (Entry<PortSyntax> port in spec.Inputs)
            Declare(new Symbol(port.Name, SymbolKind.Input, port.NameSpan));
        foreach (Entry<PortSyntax> port in spec.Outputs)
            Declare(new Symbol(port.Name, SymbolKind.Output,
                port.NameSpan) { Type = new ExprType(ExprKind.AnyTensor, port.Family is null ? 0 : 1) });
        foreach (Entry<AttributeSyntax> attribute in spec.Attributes)
        {
            var symbol = new Symbol(attribute.Name, SymbolKind.Attribute, attribute.NameSpan)
            {
                Attribute = attribute.Value,
                Type = attribute.Value is { } a ? AttributeTypes.Of(a.Kind, a.IsList) : null,
            };
            if (attribute.Value is { Optional: true, Default: null })
                symbol.OnlyWith.Add(attribute.Name);
            Declare(symbol);
        }
        foreach (Entry<ExprSyntax> let in spec.Lets)
            Declare(new Symbol(let.Name, SymbolKind.Let, let.NameSpan) { Definition = let.Value }, blocking: false);
        new DimFinder(symbols, bag).Find(spec);
        DeclareLost();
        foreach (Entry<TypeVariableSyntax> type in spec.Types)
            if (type.Value is { } declaration
                && !(variables.Check(declaration.Set) & (declaration.Default is null || declaration.Default is FunctionSyntax
                    || variables.Check(declaration.Default))))
            {
                undeclarable = true;
                brokenSets.Add(type.Name);
            }
        foreach (Entry<PortSyntax> port in spec.Inputs)
            if (symbols.Find(port.Name) is { Kind: SymbolKind.Input } symbol && port.Value is { } declaration)
            {
                (symbol.Type, symbol.IsBoolTensor) = DataType(declaration.Type);
                if (port.Family is not null)
                    symbol.Type = symbol.Type with { Depth = 1 };
                if (declaration is { Optional: true, Value: null })
                    symbol.OnlyWith.Add(port.Name);
            }
    }

    private void Declare(Symbol symbol, bool blocking = true)
    {
        if (!symbols.Declare(symbol))
            undeclarable |= blocking;
    }

    /// <summary>An input that does not parse still seems to bring the names in its text: they are known, of no type, and nobody
    /// complains.</summary>
    private void DeclareLost()
    {
        foreach (Entry<PortSyntax> port in spec.Inputs)
            if (port.Value is null)
                foreach (Token token in Lexer.Lex(port.Text))
                    if (token.Kind == TokenKind.Name && Lexer.IsName(token.Text) && !SymbolTable.IsConstant(token.Text)
                        && symbols.Find(token.Text) is null)
                        symbols.Declare(new Symbol(token.Text, SymbolKind.Dim, port.NameSpan));
    }

    /// <summary>What naming an input gives, from the element types it may have.</summary>
    private (ExprType Type, bool OnlyBool) DataType(TypeSyntax type)
    {
        if (type is ContainerTypeSyntax)
            return (new ExprType(ExprKind.Opaque), false);
        List<ElementType> elements = [];
        foreach (TensorTypeSyntax tensor in DimFinder.Tensors(type))
            elements.AddRange(variables.Parts(tensor.Element));
        if (elements.Count == 0)
            return (new ExprType(ExprKind.AnyTensor), false);
        bool integers = elements.All(e => e.IsInteger()
            || e is ElementType.Bool or ElementType.Int4 or ElementType.UInt4 or ElementType.Int2 or ElementType.UInt2);
        bool floats = elements.All(e => e.IsFloat()
            || e is ElementType.Float4E2M1 or ElementType.Float8E8M0 or (>= ElementType.Float8E4M3FN and <= ElementType.Float8E5M2FNUZ));
        return (new ExprType(integers ? ExprKind.Tensor : floats ? ExprKind.RealTensor : ExprKind.AnyTensor),
            elements.All(e => e == ElementType.Bool));
    }

    private EquatableArray<Let> BindLets()
    {
        List<Let> lets = [];
        foreach (Entry<ExprSyntax> let in LetOrder.Sort(spec.Lets, bag))
        {
            expressions.Begin();
            if (symbols.Find(let.Name) is not { Kind: SymbolKind.Let } symbol || let.Value is null
                || expressions.Bind(let.Value) is not { } value)
                continue;
            symbol.Type = value.Type;
            symbol.ReadsData = expressions.ReadsData;
            foreach ((Symbol read, _) in expressions.Unguarded)
                foreach (string name in read.OnlyWith)
                    if (!symbol.OnlyWith.Contains(name))
                        symbol.OnlyWith.Add(name);
            lets.Add(new Let(let.Name, value));
        }
        return lets.ToEquatableArray();
    }

    private TypeVariable? BindType(Entry<TypeVariableSyntax> type)
    {
        if (type.Value is not { } declaration || brokenSets.Contains(type.Name))
            return null;
        expressions.Begin();
        Expr? set = TypeVariables.IsConstant(declaration.Set)
            ? null : expressions.BindSet(declaration.Set, ExprTypes.Dtype, $"'{type.Name}'");
        Expr? value = declaration.Default is null ? null : expressions.BindAs(declaration.Default, ExprTypes.Dtype);
        return new TypeVariable(type.Name, variables.Allowed(type.Name), set, value);
    }

    private Port? BindPort(Entry<PortSyntax> port, bool output)
    {
        if (port.Value is not { } declaration)
        {
            undeclarable = true;
            return null;
        }
        expressions.Begin();
        expressions.InOutput = output;
        string? binder = port.Family?.Binder.Name;
        if (binder is not null)
        {
            if (symbols.Find(binder) is { } hidden)
                bag.Report(SpecRules.NameClash, port.Family!.Binder.Span,
                    $"'{binder}' is already {hidden.Role} of this spec; the index of a family needs another name");
            if (symbols.Find(port.Family!.Count.Name) is { } count)
                count.Uses++;
            expressions.Push(binder, ExprTypes.Exact);
        }
        // What only this port brings is there when the port is.
        expressions.Guard(port.Name);
        PortType? type = shapes.Bind(declaration.Type, output ? TypePlace.Output : TypePlace.Input, binder);
        if (!output)
            expressions.Unguarded.Clear();
        expressions.InOutput = false;
        Expr? inside = null;
        if (declaration.In is not null)
            inside = expressions.BindSet(declaration.In, ElementOf(port), $"'{port.Name}'");
        expressions.Unguard();
        if (!output)
            expressions.Unguarded.Clear();
        Expr? value = null;
        if (declaration.Value is not null)
            value = output
                ? expressions.BindAs(declaration.Value, ValueType(declaration.Type), "the elements of a tensor", allowMissingElse: true)
                : expressions.BindAs(declaration.Value, ValueType(declaration.Type), $"a value for '{port.Name}'");
        ReportUnguarded();
        if (binder is not null)
            expressions.Pop();
        if (type is null)
        {
            undeclarable = true;
            return null;
        }
        return new Port
        {
            Name = port.Name,
            Type = type,
            Optional = declaration.MayBeAbsent,
            Family = port.Family is { } family ? new Family(family.Binder.Name, family.Count.Name) : null,
            In = inside,
            InText = inside is null ? "" : declaration.In!.ToString(),
            Value = value,
            Aliases = BindAlias(declaration, type),
        };
    }

    private ExprType ElementOf(Entry<PortSyntax> port) =>
        symbols.Find(port.Name) is { Kind: SymbolKind.Input, Type: { } type }
            ? new ExprType(type.Kind.Scalar()) : new ExprType(ExprKind.AnyTensor);

    private ExprType ValueType(TypeSyntax type) => DataType(type).Type;

    private string? BindAlias(PortSyntax declaration, PortType type)
    {
        if (declaration.Aliases is not { } alias)
            return null;
        if (spec.Inputs.FirstOrDefault(i => i.Name == alias.Name) is not { } input)
        {
            bag.Report(SpecRules.Aliases, alias.Span,
                $"there is no input '{alias.Name}'{DidYouMean.Hint(alias.Name, spec.Inputs.Select(i => i.Name))}");
            return null;
        }
        if (symbols.Find(alias.Name) is { } symbol)
            symbol.Uses++;
        if (input.Value is not null && input.Family is null && declaration.Type is TensorTypeSyntax mine
            && input.Value.Type is TensorTypeSyntax its
            && type is TensorPort port && ShapeBinder.Print(its) is var text && text != port.Text)
        {
            bag.Report(SpecRules.Aliases, alias.Span,
                $"'{alias.Name}' is {text} and this output is {ShapeBinder.Print(mine)}; only the same type and shape can share a buffer");
            return null;
        }
        return alias.Name;
    }

    private AttributeModel? BindAttribute(Entry<AttributeSyntax> attribute)
    {
        if (attribute.Value is not { } declaration)
        {
            undeclarable = true;
            return null;
        }
        expressions.Begin();
        ExprType type = AttributeTypes.Of(declaration.Kind, declaration.IsList);
        bool valueless = type.Kind is ExprKind.Opaque || declaration.Kind == AttributeKind.Tensor;
        Expr? length = declaration.Length is null ? null : expressions.BindAs(declaration.Length, ExprTypes.Exact, "the length of a list");
        Expr? inside = null, value = null;
        if (valueless && (declaration.In ?? declaration.Default) is { } misplaced)
            bag.Report(SpecRules.NoValue, misplaced.Span,
                $"'{attribute.Name}' is a {declaration.Kind.ToString().ToLowerInvariant()}; it has neither a set of values nor a default");
        else
        {
            inside = declaration.In is null ? null : expressions.BindSet(declaration.In, new ExprType(type.Kind), $"'{attribute.Name}'");
            value = declaration.Default is null
                ? null : expressions.BindAs(declaration.Default, type, $"{type.Say()}, the default of '{attribute.Name}',");
            expressions.Unguarded.RemoveAll(u => u.Symbol.Name == attribute.Name);
            ReportUnguarded();
        }
        if (inside is not null && value is not null && Constants.Outside(value, inside) is { } outside)
            bag.Report(SpecRules.DefaultOutside, declaration.Default!.Span,
                $"the default {outside} of '{attribute.Name}' is not in {declaration.In}");
        expressions.InArrow = true;
        EquatableArray<Arrow> arrows = declaration.Arrows.Select(BindArrow).OfType<Arrow>().ToEquatableArray();
        expressions.InArrow = false;
        undeclarable |= arrows.Count < declaration.Arrows.Count;
        return new AttributeModel
        {
            Name = attribute.Name,
            Kind = declaration.Kind,
            IsList = declaration.IsList,
            Length = length,
            Optional = declaration.Optional || declaration.Default is not null,
            Default = value,
            In = inside,
            InText = inside is null ? "" : declaration.In!.ToString(),
            Hint = declaration.Hint,
            Arrows = arrows,
        };
    }

    private Arrow? BindArrow(ArrowSyntax arrow)
    {
        PortType?[] inputs = [.. arrow.Inputs.Select(t => shapes.Bind(t, TypePlace.Graph, null))];
        PortType?[] outputs = [.. arrow.Outputs.Select(t => shapes.Bind(t, TypePlace.Graph, null))];
        if (arrow.Rest is { } rest)
        {
            Symbol? symbol = symbols.Find(rest.Name);
            if (symbol is not { Kind: SymbolKind.Input } || spec.Inputs.All(i => i.Name != rest.Name || i.Value?.Type is null))
            {
                bag.Report(SpecRules.UnknownName, rest.Span,
                    $"there is no input '{rest.Name}'{DidYouMean.Hint(rest.Name, symbols.All.Where(s => s.Kind == SymbolKind.Input).Select(s => s.Name))}");
                return null;
            }
            symbol.Uses++;
        }
        return inputs.Contains(null) || outputs.Contains(null) ? null
            : new Arrow(inputs.Select(t => t!).ToEquatableArray(), outputs.Select(t => t!).ToEquatableArray()) { Rest = arrow.Rest?.Name };
    }

    private Rule? BindRule(Entry<ExprSyntax> rule)
    {
        expressions.Begin();
        if (rule.Value is null || expressions.BindPredicate(rule.Value, allowMissingElse: true) is not { } predicate)
            return null;
        return new Rule(rule.Name, predicate, rule.Value.ToString(),
            FreeNames.Of(rule.Value).Where(expressions.Reads.Contains).Distinct().ToEquatableArray(), expressions.ReadsData);
    }

    private EquatableArray<Doc> BindDocs()
    {
        if (spec.Docs.Count == 0)
            return [];
        List<Doc> docs = [];
        IEnumerable<string> others = spec.Constraints.Select(c => c.Name)
            .Concat(spec.Inputs.Where(i => i.Value?.In is not null).Select(i => ValueRule.NameOf(i.Name)))
            .Concat(spec.Presets.Select(p => p.Name));
        foreach (Entry<MappedText> doc in spec.Docs)
        {
            if (symbols.Find(doc.Name) is null && !others.Contains(doc.Name))
                bag.Report(SpecRules.UnknownDoc, doc.NameSpan,
                    $"there is no '{doc.Name}' in this spec to document{DidYouMean.Hint(doc.Name, symbols.All.Select(s => s.Name).Concat(others))}");
            else if (doc.Value is not null)
                docs.Add(new Doc(doc.Name, OneLine(doc.Value.Text)));
        }
        return docs.ToEquatableArray();
    }

    /// <summary>A text on one line, with one space between words.</summary>
    private static string OneLine(string text)
    {
        bool clean = text.Length > 0 && text[0] != ' ' && text[text.Length - 1] != ' ';
        for (int i = 0; clean && i < text.Length; i++)
            clean = !char.IsWhiteSpace(text[i]) || text[i] == ' ' && text[i - 1] != ' ';
        return clean ? text : string.Join(" ", text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private BodyModel? BindBody(MergedSpec merged)
    {
        if (merged.Equations is null)
            return null;
        MergedSpec? version = bag.Version;
        bag.Version = merged.IsOverride ? merged : version;
        BodyModel body = new BodyBinder(merged, symbols, expressions, scope, bag).Bind();
        bag.Version = version;
        return body;
    }

    /// <summary>Names that may be missing are a mistake only where nothing else waits for them: rules hold and lets pass it on.</summary>
    private void ReportUnguarded()
    {
        foreach ((Symbol symbol, SourceSpan span) in expressions.Unguarded)
        {
            string only = string.Join(" or ", symbol.OnlyWith.Select(n => $"'{n}'"));
            string what = symbol.OnlyWith.Count == 1 && symbol.OnlyWith[0] == symbol.Name
                ? $"'{symbol.Name}' is optional" : $"'{symbol.Name}' has a value only with {only}, which is optional";
            bag.Report(SpecRules.Unguarded, span, $"{what}; ask 'has({symbol.OnlyWith[0]})' first");
        }
        expressions.Unguarded.Clear();
    }
}
